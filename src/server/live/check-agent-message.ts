// Messages of agents, checked: whoever sends them is another program, on another machine.
import { LogboomError } from '../../contracts/errors.ts'
import type { AgentHello, AgentState, RemoteSource } from '../../contracts/hosts/host.ts'
import type { RunRow } from '../../contracts/source.ts'
import type { RunExit, ScheduleStatus } from '../../contracts/source-status.ts'
import { faultOfSourceName, hubSource } from '../../text/source-name.ts'

const mostSources = 1000
const mostText = 200
const mostTrouble = 20
const mostDetail = 2000
const mostRuns = 500
/** Unix milliseconds, so few that they are a date also when the difference of two clocks is added. */
const mostTime = 4e15
/** See `wordAfter`. */
const leaseForm = /^\d/

const states = new Set<string>([
  'starting',
  'running',
  'ready',
  'stopping',
  'stopped',
  'exited',
  'crashed',
  'restarting',
  'crash-looping',
] satisfies RemoteSource['state'][])

export function checkHello(given: AgentHello): AgentHello {
  const { protocol, version, host, agent, life, lease, time, control } = given
  if (!Number.isSafeInteger(protocol)) throw wrong('protocol')
  const texts = { version, host, agent, life, ...(lease === undefined ? {} : { lease }) }
  for (const [name, text] of Object.entries(texts)) if (!isText(text, mostText)) throw wrong(name)
  if (lease !== undefined && !leaseForm.test(lease)) throw wrong('lease')
  if (!isTime(time)) throw wrong('time')
  return { protocol, ...texts, time, control: control === true }
}

export function checkState(given: AgentState): AgentState {
  const { sources, opening, head, oldestAt, spoolBytes, spoolLimitBytes, whenFull, dropped, time, trouble } = given
  for (const [name, value] of Object.entries({ head, spoolBytes, spoolLimitBytes, dropped }))
    if (!Number.isFinite(value)) throw wrong(name)
  if (!isTime(time)) throw wrong('time')
  if (!Array.isArray(sources)) throw wrong('sources')
  if (!Array.isArray(trouble)) throw wrong('trouble')
  return {
    // An agent that says too much would say it again whenever it was refused.
    sources: sources.slice(0, mostSources).map(checkSource),
    ...(opening === true ? { opening } : {}),
    head,
    ...(isTime(oldestAt) ? { oldestAt } : {}),
    spoolBytes,
    spoolLimitBytes,
    whenFull: whenFull === 'gap' ? 'gap' : 'block',
    dropped,
    time,
    trouble: trouble.slice(0, mostTrouble).map((text) => String(text).slice(0, mostDetail)),
  }
}

function checkSource(source: RemoteSource): RemoteSource {
  const { name, type, title, state, run, restarts } = source
  if (!isText(name, mostText) || (name !== hubSource && faultOfSourceName(name) !== undefined))
    throw wrong('name of a source')
  if (!isText(type) || !states.has(state)) throw wrong(`source ${name}`)
  if (!Number.isSafeInteger(run) || run < 0 || !Number.isSafeInteger(restarts)) throw wrong(`source ${name}`)
  return {
    name,
    type: type.slice(0, mostText),
    title: isText(title) ? title.slice(0, mostText) : name,
    state,
    run,
    restarts,
    ...numbersOf(source, ['pid', 'cpu', 'memoryBytes', 'backlogBytes']),
    ...numbersOf(source, ['startedAt', 'restartAt'], isTime),
    ...textsOf(source, ['detail', 'command']),
    ...(source.adopted === true ? { adopted: true } : {}),
    ...(source.saysReady === true ? { saysReady: true } : {}),
    ...exitOf(source.exit),
    ...scheduleOf(source.schedule),
    controllable: source.controllable === true,
  }
}

function numbersOf<Name extends string>(
  from: { [Each in Name]?: unknown },
  names: Name[],
  isGood: (value: unknown) => boolean = Number.isFinite,
): { [Each in Name]?: number } {
  const known = names.filter((name) => isGood(from[name]))
  return Object.fromEntries(known.map((name) => [name, from[name]])) as { [Each in Name]?: number }
}

function textsOf<Name extends string>(from: { [Each in Name]?: unknown }, names: Name[]): { [Each in Name]?: string } {
  const known = names.filter((name) => typeof from[name] === 'string')
  return Object.fromEntries(known.map((name) => [name, String(from[name]).slice(0, mostDetail)])) as {
    [Each in Name]?: string
  }
}

function exitOf(exit: unknown): Pick<RemoteSource, 'exit'> {
  const { code, signal, at, known } = (exit ?? {}) as Partial<RunExit>
  if (!isTime(at)) return {}
  return {
    exit: {
      code: Number.isSafeInteger(code) ? code! : null,
      signal: typeof signal === 'string' ? signal.slice(0, mostText) : null,
      at,
      known: known === true,
    },
  }
}

function scheduleOf(schedule: unknown): Pick<RemoteSource, 'schedule'> {
  const { text, nextAt, skipped } = (schedule ?? {}) as Partial<ScheduleStatus>
  if (typeof text !== 'string') return {}
  return {
    schedule: {
      text: text.slice(0, mostDetail),
      nextAt: isTime(nextAt) ? nextAt : undefined,
      skipped: Number.isSafeInteger(skipped) ? skipped! : 0,
    },
  }
}

export function checkRuns(rows: readonly RunRow[]): RunRow[] {
  if (!Array.isArray(rows)) throw wrong('rows')
  return (rows as RunRow[]).slice(-mostRuns).map((row) => {
    const { source, run, startedAt, endedAt, details } = row
    const isRun =
      isText(source, mostText) &&
      faultOfSourceName(source) === undefined &&
      Number.isSafeInteger(run) &&
      run > 0 &&
      isTime(startedAt)
    const isEnd = endedAt === null || isTime(endedAt)
    if (!isRun || !isEnd || typeof details !== 'object' || details === null) throw wrong('rows')
    const { stopRequested, firing } = details
    return {
      source,
      run,
      session: '',
      startedAt,
      endedAt,
      details: {
        ...exitOf(details['exit']),
        ...(stopRequested === true ? { stopRequested } : {}),
        ...(isTime(firing) ? { firing } : {}),
      },
    }
  })
}

const isText = (value: unknown, most = Infinity): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= most

const isTime = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= mostTime

const wrong = (what: string): LogboomError =>
  new LogboomError('request-invalid', `The agent's message is not understood: ${what}.`, {
    hint: 'Install the same version of Logboom on both.',
  })
