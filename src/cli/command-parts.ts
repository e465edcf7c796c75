// Parts of several commands on the command line: options, arguments, examples.
import { type Command, InvalidArgumentError } from 'commander'

/** Adds commands to the program. */
export const adderOf =
  (program: Command) =>
  (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .showHelpAfterError(`  Try: ${pathOf(program)} ${name} --help`)

/** As it is typed. */
const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()

/** Options by which a command finds its hub or its configuration. */
export interface PlaceOptions {
  directory?: string
  config?: string
  state?: string
}

/** Adds the options of `PlaceOptions`. */
export function place(command: Command): Command {
  return command
    .option('--directory <directory>', 'of the configuration, instead of this one')
    .option('--config <file>', 'a certain configuration file')
    .option('--state <directory>', 'where logs and state are kept (.logboom beside the configuration)')
}

/** Adds the query and options that select records. */
export function select(command: Command): Command {
  return command
    .argument('[query...]', 'words, "phrases", level:error, source:api*, AND, OR, NOT')
    .option('-s, --source <names>', 'only of these: api,worker or api*; may be repeated', collectNames, [])
    .option('--since <time>', '15m, 2h, 05:47, 2025-10-19T05:47')
    .option('--until <time>', 'likewise')
}

export function example(lines: [command: string, meaning: string][]): string {
  const width = Math.max(...lines.map(([line]) => line.length))
  return `\nExamples:\n${lines.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`.trimEnd()).join('\n')}\n`
}

/** Any id and any number of records. */
export const parseCount = (text: string): number => parseBounded(text, 0, Number.MAX_SAFE_INTEGER, '')

/** Parser of a whole number with bounds that users may meet. */
export const countBetween =
  (least: number, most: number) =>
  (text: string): number =>
    parseBounded(text, least, most, ` from ${least} to ${most}`)

function parseBounded(text: string, least: number, most: number, bounds: string): number {
  const count = /^\d{1,16}$/.test(text) ? Number(text) : NaN
  if (count >= least && count <= most) return count
  throw new InvalidArgumentError(`It must be a whole number${bounds}.`)
}

export function collectNames(text: string, before: string[] = []): string[] {
  // `-source:api` of a query is taken for `-s ource:api`, which no source is called.
  if (text.startsWith('ource:'))
    throw new InvalidArgumentError(`A query that begins with a dash stands behind "--": -- -s${text}`)
  return [...before, ...text.split(',').filter(Boolean)]
}
