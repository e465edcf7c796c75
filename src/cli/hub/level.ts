// `logboom level` and `logboom service`: what is shown and captured, changed while the hub runs.
import { levelExamples, parseSeverity, severityName, type SeverityName } from '../../contracts/record.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import type { SourceView } from '../../wire/hub-view.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { formatTable } from '../format-table.ts'
import { wantsColor } from '../terminal-style.ts'
import { controlDirectory, readControls, writeControl } from '../../supervise/control-file.ts'
import { findHub, findState, notRunning, tryHub } from './find-hub.ts'

interface SwitchOptions extends PlaceOptions {
  captured?: boolean
  json?: boolean
}

/** The hub understands levels, and says which there are. */
export async function level(
  name: string | undefined,
  given: string | undefined,
  { all = false, captured = false, json = false, ...place }: SwitchOptions & { all?: boolean },
): Promise<void> {
  // With --all there is no name, so that what comes first is the level.
  const [target, wanted] = all ? ['*', name] : [name, given]
  if (all && given !== undefined)
    throw new LogboomError('request-invalid', '--all and a name contradict each other', {
      hint: `Either logboom level ${name} ${given}, or logboom level --all ${given}.`,
    })
  const stateDirectory = await findState(place)
  const running = await tryHub(stateDirectory)
  if (!running) {
    if (target === undefined || wanted === undefined || all || captured) throw notRunning(stateDirectory)
    return setWithoutHub(stateDirectory, target, wanted, json)
  }
  const { client } = running
  const known = await client.sources()
  if (wanted === undefined) print(target === undefined || all ? known : found(known, target), json)
  else print(await client.setLevel(target!, { [captured ? 'captured' : 'shown']: wanted as SeverityName }), json)
  // Loggers that cannot be told are among the trouble.
  for (const trouble of (await client.hub()).trouble) console.error(`logboom: ${escapeTerminal(trouble)}`)
}

/** Processes that a killed hub left running have loggers, too; the next hub goes on with what is set. */
function setWithoutHub(stateDirectory: string, source: string, wanted: string, json: boolean): void {
  const directory = controlDirectory(stateDirectory)
  const known = readControls(directory).map((control) => control.source)
  if (!known.includes(source))
    throw new LogboomError('unknown-source', `There is no source ${source} that was ever run from ${stateDirectory}.`, {
      hint: known.length > 0 ? `There are ${known.toSorted().join(', ')}.` : 'Start it with logboom up.',
    })
  const severity = parseSeverity(wanted)
  if (severity === undefined && wanted !== 'default')
    throw new LogboomError('request-invalid', `level: "${wanted}" is none`, {
      hint: `Levels are ${levelExamples}; default takes it back.`,
    })
  const shownLevel = severity === undefined ? undefined : severityName(severity)
  writeControl(directory, { source, level: shownLevel, isOwn: shownLevel && true })
  print([{ name: source, shownLevel }], json)
  console.error('No hub is running: the loggers of the source are told, and the next hub goes on with it.')
}

function found(sources: SourceView[], name: string): SourceView[] {
  const those = sources.filter((source) => source.name === name)
  if (those.length > 0) return those
  throw new LogboomError('unknown-source', `There is no source ${name}.`)
}

function print(sources: readonly Pick<SourceView, 'name' | 'shownLevel' | 'capturedLevel'>[], json: boolean): void {
  const levels = sources.map(({ name, shownLevel, capturedLevel }) => ({ name, shownLevel, capturedLevel }))
  if (json) return console.log(JSON.stringify(levels, null, 2))
  const rows = levels.map((each) => [escapeTerminal(each.name), each.shownLevel ?? '', each.capturedLevel ?? ''])
  for (const line of formatTable(['SOURCE', 'SHOWN', 'CAPTURED'], rows, wantsColor(process.stdout))) console.log(line)
}

export async function service(
  name: string | undefined,
  state: 'on' | 'off' | undefined,
  { captured = false, json = false, ...place }: SwitchOptions,
): Promise<void> {
  if (name !== undefined && state === undefined)
    throw new LogboomError('request-invalid', `on or off is missing behind ${name}`, {
      hint: `Write logboom service ${JSON.stringify(name)} off.`,
    })
  const { client } = await findHub(place)
  const services =
    name === undefined
      ? await client.services()
      : await client.setService(name, { [captured ? 'captured' : 'shown']: state === 'on' })
  if (json) return console.log(JSON.stringify(services, null, 2))
  if (services.length === 0) return console.log('All services are shown and captured')
  const rows = services.map((each) => [
    escapeTerminal(each.name),
    each.shown ? 'on' : 'off',
    each.captured ? 'on' : 'off',
  ])
  for (const line of formatTable(['SERVICE', 'SHOWN', 'CAPTURED'], rows, wantsColor(process.stdout))) console.log(line)
}
