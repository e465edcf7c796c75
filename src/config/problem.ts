// Problems of a configuration and their places: many problems become one error, so that people correct a file once.
import { LogboomError } from '../contracts/errors.ts'
import { maskText } from '../secrets/mask-text.ts'

export type Path = readonly (string | number)[]

/** Line and column are counted from 1. */
export interface Place {
  line: number
  column: number
}

export interface Problem {
  /** Empty when it is about the file as a whole. */
  path: Path
  message: string
  place?: Place
}

/** `processes.api.restart`, `processes["my api"].command[0]`. */
export function formatPath(path: Path): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (/^[\w$-]+$/.test(part)) text += text ? `.${part}` : part
    else text += `[${JSON.stringify(part)}]`
  }
  return text
}

/** `logboom.config.yaml:4:5: processes.api.restrat: there is no such key; did you mean "restart"?` */
function formatProblem(file: string, { path, message, place }: Problem): string {
  const where = place ? `${file}:${place.line}:${place.column}` : file
  return [where, formatPath(path), maskText(message)].filter(Boolean).join(': ')
}

/** A single error of all problems, in the order of the file. `file` is named as people would type it. */
export function configError(file: string, problems: readonly Problem[], cause?: unknown): LogboomError {
  const position = ({ place }: Problem): number => (place ? place.line * 1e6 + place.column : 0)
  const lines = [...problems].sort((a, b) => position(a) - position(b)).map((problem) => formatProblem(file, problem))
  const message = lines.length === 1 ? lines[0]! : [`${file} has ${lines.length} problems`, ...lines].join('\n  ')
  return new LogboomError('config-invalid', message, { cause })
}
