// Commands as they may be shown and kept: what is executed is another matter. The rules for text hold, and those of command
// lines: what follows `--password`, `user:password` behind `-u`, the short flags by which some programs take theirs.
import { mask } from './mask.ts'
import { isSecretName, maskText } from './mask-text.ts'

/** Programs and their flags for a password of one letter; with `=`, they take it only where it adjoins the flag. */
const shortFlags = new Map<string, string>(
  Object.entries({
    'mysql mysqldump mysqladmin mysqlimport mysqlsh mariadb mariadb-dump mariadb-admin': '-p=',
    'sshpass mongo mongosh mongodump mongorestore mongoexport mongoimport mosquitto_pub mosquitto_sub cqlsh': '-p',
    'redis-cli valkey-cli keydb-cli': '-a',
    'ldapsearch ldapadd ldapmodify ldapdelete ldappasswd': '-w',
    'mosquitto_rr zip unzip sqlcmd bcp': '-P',
  }).flatMap(([programs, flag]) => programs.split(' ').map((program): [string, string] => [program, flag])),
)
/** `-u user:password`, as curl and many others take it. */
const userFlags = /^(?:-u|-U|--user|--proxy-user|--auth|--credentials?)$/
const registryPrograms = new Set(['docker', 'podman', 'nerdctl', 'helm', 'oras', 'buildah', 'skopeo'])

/** An argument vector. */
export function maskWords(words: readonly string[]): string[] {
  const reader = openWordReader()
  return words.map(reader)
}

/** A line for the shell, or words of which only the line is known. */
export function maskCommandLine(line: string): string {
  const reader = openWordReader()
  return line.replace(shellWord, (raw) => {
    const word = unquoted(raw)
    const masked = reader(word)
    if (masked === word) return raw
    return raw === word ? masked : quoted(masked)
  })
}

/** As it is written in a configuration: a line for the shell or an argument vector. */
export function maskCommand<Command extends string | string[]>(command: Command): Command {
  return (typeof command === 'string' ? maskCommandLine(command) : maskWords(command)) as Command
}

const shellWord = /(?:[^\s"'\\;&|()<>]|\\[^]|"(?:[^"\\]|\\[^])*"?|'[^']*'?|&(?=[^\s&|;]))+/g

function unquoted(raw: string): string {
  if (!/["'\\]/.test(raw)) return raw
  return raw.replace(
    /'([^']*)'?|"((?:[^"\\]|\\[^])*)"?|\\([^])/g,
    (_, single?: string, double?: string, one?: string) => {
      if (double !== undefined) return double.replace(/\\(["\\$`])/g, '$1')
      return single ?? one ?? ''
    },
  )
}

function quoted(word: string): string {
  return /^[\w@%+=:,./*-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Expectation of the next word by those before it. */
type Expected = 'anything' | 'secret' | 'user' | 'script'

/** Takes the words of a command one by one, and gives each as it may be shown. */
function openWordReader(): (word: string) => string {
  let expected: Expected = 'anything'
  let shortFlag: string | undefined
  let isRegistry = false
  let isLogin = false

  function readWord(word: string): string {
    const before = expected
    expected = 'anything'
    // A token may begin with a dash.
    if (before === 'secret' && !/^(?:--\w|-\w$)/.test(word)) return word === '' ? word : mask
    if (before === 'user') return maskUser(word)
    if (before === 'script') return maskCommandLine(word)
    const program = word.slice(word.lastIndexOf('/') + 1)
    if (shortFlags.has(program)) shortFlag = shortFlags.get(program)
    else if (registryPrograms.has(program)) isRegistry = true
    else if (isRegistry && word === 'login') isLogin = true
    const [, name, value] = /^(-{0,2}[\w.@$:[\]-]*)=([^]+)$/.exec(word) ?? []
    if (name !== undefined && !name.includes('://')) {
      if (isSecretName(name)) return isPath(name, value!) ? word : `${name}=${maskedAll(value!)}`
      if (userFlags.test(name)) return `${name}=${maskUser(value!)}`
    }
    if (word.startsWith('-')) return readFlag(word)
    return maskText(/\s/.test(word) ? maskCommandLine(word) : word)
  }

  function readFlag(word: string): string {
    const flag = isLogin ? '-p' : shortFlag
    if (userFlags.test(word)) expected = 'user'
    else if (/^-[a-z]*c$/.test(word)) expected = 'script'
    else if (word === flag || (/^--?[\w.-]+$/.test(word) && isSecretName(word))) expected = 'secret'
    else if (flag && word.length > 2 && word.startsWith(flag.slice(0, 2))) return flag.slice(0, 2) + mask
    else if (/^-[uU][^:]+:./.test(word)) return word.slice(0, 2) + maskUser(word.slice(2))
    return maskText(word)
  }

  return readWord
}

/** `user:password`; two numbers are a user and a group. */
function maskUser(word: string): string {
  const at = word.indexOf(':')
  if (at < 0 || at === word.length - 1 || /^\d+:\d+$|^[+/.]|:\/\//.test(word)) return maskText(word)
  return `${word.slice(0, at)}:${mask}`
}

/** With the name of the scheme in front, where there is one. */
function maskedAll(value: string): string {
  return /^(?:(?:bearer|basic|token|digest) +)?/i.exec(value)![0] + mask
}

const isPath = (name: string, value: string): boolean => /pwd$/i.test(name) && value.startsWith('/')
