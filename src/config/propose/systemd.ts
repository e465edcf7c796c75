// Units of systemd as processes, as far as they mean the same.
import { globSync, readFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { sourceNameOf, type Findings } from './proposal.ts'

const restarts: Record<string, string> = { always: 'always', no: 'never' }

/** Of the directory, and those given by path. */
export function proposeUnits(directory: string, given: readonly string[]): Findings {
  const here = globSync('*.service', { cwd: directory }).sort()
  const files = new Set([...here.map((name) => join(directory, name)), ...given.map((path) => resolve(path))])
  const findings: Findings = { proposals: [], left: [] }
  for (const file of files) {
    const why = relative(directory, file)
    const unit = readUnit(readFileSync(file, 'utf8'))
    const last = (key: string): string | undefined => unit.get(key)?.at(-1)
    const reason = reasonAgainst(last('ExecStart'), last('Type'))
    if (reason !== undefined) {
      findings.left.push(`${why}: ${reason}`)
      continue
    }
    const start = last('ExecStart')!.replace(/^[-@:+!|]+/, '')
    const cwd = last('WorkingDirectory')?.replace(/^-/, '')
    const restart = last('Type') === 'oneshot' ? 'never' : (restarts[last('Restart') ?? 'no'] ?? 'on-failure')
    const env = Object.fromEntries(
      (unit.get('Environment') ?? [])
        .flatMap(splitWords)
        .map((word) => [word.split('=', 1)[0], word.slice(word.indexOf('=') + 1)]),
    )
    const envFile = (unit.get('EnvironmentFile') ?? []).filter((path) => !path.startsWith('-'))
    const options = {
      // Variables are left to the shell, which knows them too.
      command: start.includes('$') ? start : splitWords(start),
      ...(cwd && cwd !== '~' && { cwd }),
      ...(Object.keys(env).length > 0 && { env }),
      ...(envFile.length > 0 && { envFile }),
      restart,
    }
    findings.proposals.push({ section: 'processes', name: sourceNameOf(basename(file, '.service')), options, why })
    if (last('User') !== undefined)
      findings.left.push(`${why}: User=${last('User')}: it will run as who starts Logboom`)
  }
  return findings
}

function reasonAgainst(start: string | undefined, type: string | undefined): string | undefined {
  if (!start) return 'it has no ExecStart'
  if (start.includes('%')) return 'its ExecStart has specifiers (%), which systemd alone knows'
  return type === 'forking' ? 'it goes into the background by itself (Type=forking)' : undefined
}

/** Values by key, of the section [Service]; an empty one takes back those before it. */
function readUnit(text: string): Map<string, string[]> {
  const values = new Map<string, string[]>()
  let section = ''
  for (const line of text.replace(/\\\r?\n\s*/g, ' ').split(/\r?\n/)) {
    section = /^\[(.*)\]\s*$/.exec(line)?.[1] ?? section
    const [, key, value] = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (section !== 'Service' || key === undefined) continue
    values.set(key, value ? [...(values.get(key) ?? []), value] : [])
  }
  return values
}

function splitWords(text: string): string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
  return words.map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
  )
}
