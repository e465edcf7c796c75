// `logboom init --systemd`: writes the units by which systemd runs a hub, or an agent, of the configuration here, and says what to do next.
import { existsSync, mkdirSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import path from 'node:path'
import { findConfig } from '../../config/find-config.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { environmentFiles, formatUnit, stateNames, unitNames, type UnitOptions } from './unit-text.ts'

export interface UnitsOptions {
  directory?: string
  agent?: boolean
  user?: boolean
  runAs?: string
  /** Where units are written, in place of systemd's own directory. */
  to?: string
  force?: boolean
  print?: boolean
}

export function initUnits({ directory = '.', agent, user, runAs, to, force, print }: UnitsOptions): void {
  const kind = agent ? 'agent' : 'hub'
  const scope = user ? 'user' : 'system'
  const place = realpathSync(path.resolve(directory))
  const account = scope === 'system' ? (runAs ?? ownerOf(place)) : undefined
  const unit: UnitOptions = {
    kind,
    scope,
    program: [process.execPath, realpathSync(process.argv[1]!)],
    directory: place,
    ...(account === undefined ? {} : { user: account }),
  }
  checkPlace(unit)
  const text = formatUnit(unit)
  if (print) return void process.stdout.write(text)
  const folder = to === undefined ? usualFolder(scope) : path.resolve(to)
  const file = path.join(folder, unitNames[kind])
  writeUnit(file, text, force ?? false)
  console.log(nextSteps(unit, file).join('\n'))
}

function writeUnit(file: string, text: string, force: boolean): void {
  if (existsSync(file) && !force)
    throw new LogboomError('config-exists', `${file} is there already`, {
      hint: 'Replace it with --force, or only look with --print.',
    })
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text, { mode: 0o644 })
  } catch (cause) {
    throw new LogboomError('request-invalid', `${file} cannot be written: ${(cause as Error).message}`, {
      cause,
      hint: 'Units of the system are root’s: with sudo, or --user for a unit of your own.',
    })
  }
}

/** A unit that could not start is not written. */
function checkPlace({ kind, directory, program }: UnitOptions): void {
  if (findConfig(directory) === undefined)
    throw new LogboomError('config-missing', `there is no configuration in ${directory}`, {
      hint: 'Make one first: logboom init; or name its place: --directory DIR.',
    })
  const strange = [directory, ...program].find((each) => /[\n\r]/.test(each))
  if (strange !== undefined)
    throw new LogboomError('request-invalid', `${JSON.stringify(strange)} cannot stand in the unit of a ${kind}`)
}

function usualFolder(scope: UnitOptions['scope']): string {
  if (scope === 'system') return '/etc/systemd/system'
  return path.join(process.env.XDG_CONFIG_HOME || path.join(homedir(), '.config'), 'systemd/user')
}

/** Whoever the configuration belongs to, so that nothing of the hub's is root's by accident. */
function ownerOf(directory: string): string | undefined {
  const { uid } = statSync(directory)
  if (uid === 0) return undefined
  const own = userInfo()
  return uid === own.uid ? own.username : String(uid)
}

function nextSteps({ kind, scope, directory, user }: UnitOptions, file: string): string[] {
  const isUser = scope === 'user'
  const systemctl = isUser ? 'systemctl --user' : 'sudo systemctl'
  const name = unitNames[kind].replace('.service', '')
  const environment = path.join(directory, environmentFiles[kind])
  const state = isUser ? `the directory of systemd for state, ${stateNames[kind]}` : `/var/lib/${stateNames[kind]}`
  const ask = isUser ? '' : `LOGBOOM_STATE=/var/lib/${stateNames[kind]} `
  return [
    `wrote ${file}${user === undefined || isUser ? '' : `, to be run as ${user}`}`,
    '',
    ...(kind === 'agent'
      ? [`First, in ${environment} (mode 600):`, '  LOGBOOM_URL=https://…', '  LOGBOOM_TOKEN=…', '']
      : []),
    'Then:',
    `  ${systemctl} daemon-reload`,
    `  ${systemctl} enable --now ${name}`,
    `  ${systemctl} status ${name}`,
    ...(isUser ? ['  loginctl enable-linger     so that it also runs while you are not signed in'] : []),
    ...(kind === 'hub' && !isUser ? [`  sudo ${ask}logboom ps`] : []),
    '',
    `State is kept in ${state}; settings from the environment are read from ${environment}.`,
    `${systemctl} stop ends its processes, too. A hub that is killed leaves them running, and the next one takes them over.`,
  ]
}
