// The level that a logger starts with: command line, then environment, then code, then INFO (D6).
import { levelHint, parseLevel } from './levels.ts'
import { tell } from '../tell.ts'

const variables = ['LOG_LEVEL', 'LOGBOOM_LEVEL']

export interface LevelSources {
  argv: readonly string[]
  environment: NodeJS.ProcessEnv
  option?: string | undefined
}

/** Label of pino. A level that nobody knows is told once and passed over: it stands in the way of no application. */
export function startLevel({ argv, environment, option }: LevelSources): string {
  const said: [place: string, text: string | undefined][] = [
    ['--log-level', fromArguments(argv)],
    ...variables.map((name): [string, string | undefined] => [name, environment[name]]),
  ]
  for (const [place, text] of said) {
    if (text === undefined || text === '') continue
    const level = parseLevel(text)
    if (level !== undefined) return level
    tell(`level ${place}`, `${place} is "${text}", which is no level. ${levelHint}`)
  }
  return (option === undefined ? undefined : parseLevel(option)) ?? 'info'
}

/** Value of the last `--log-level=X` or `--log-level X` before `--`. */
function fromArguments(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--')
  const words = end < 0 ? argv : argv.slice(0, end)
  let found: string | undefined
  words.forEach((word, at) => {
    if (word.startsWith('--log-level=')) found = word.slice('--log-level='.length)
    else if (word === '--log-level') found = words[at + 1]
  })
  return found
}
