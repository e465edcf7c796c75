// Checks what was asked against the shape of its route, and says in people's words what is wrong with it.
import { z } from 'zod'
import { LogboomError } from '../contracts/errors.ts'
import { requestShapes, type Requests } from '../wire/request-shapes.ts'
import type { RouteName } from '../wire/routes.ts'

/** Of a route that takes no parameters: nothing. */
export type Asked<Name> = Name extends keyof Requests ? Requests[Name] : undefined

const nothing = z.strictObject({})
const shapes = new Map<RouteName, z.ZodType>()

/** Throws `request-invalid` naming the place, or `query-invalid`. */
export function parseRequest<Name extends RouteName>(name: Name, value: unknown): Asked<Name> {
  const data = check(shapeOf(name), value)
  return (isShaped(name) ? data : undefined) as Asked<Name>
}

/** Throws `request-invalid` for anything but an object without keys. */
export function refuseParameters(value: unknown): void {
  check(nothing, value)
}

/** Names of what a route takes, in its path or beside it. */
export function parametersOf(name: RouteName): string[] {
  return keysOf(shapeOf(name))
}

export function invalid(problems: readonly string[]): LogboomError {
  return new LogboomError('request-invalid', problems.join('; '))
}

const isShaped = (name: RouteName): name is keyof Requests => Object.hasOwn(requestShapes, name)

function shapeOf(name: RouteName): z.ZodType {
  const shape = shapes.get(name) ?? (isShaped(name) ? requestShapes[name](z) : nothing)
  shapes.set(name, shape)
  return shape
}

function keysOf(shape: z.ZodType): string[] {
  let { def } = (shape as unknown as z.core.$ZodTypes)._zod
  while (def.type === 'pipe') ({ def } = (def.in as z.core.$ZodTypes)._zod)
  return def.type === 'object' ? Object.keys(def.shape) : []
}

function check(shape: z.ZodType, value: unknown): unknown {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  throw invalid(result.error.issues.flatMap((issue) => explain(issue, keysOf(shape))))
}

function explain(issue: z.core.$ZodIssue, known: readonly string[]): string[] {
  const { path, message } = issue
  if (issue.code === 'unrecognized_keys') {
    const right = known.length > 0 ? `; known are ${known.join(', ')}` : ', where nothing can be given'
    return issue.keys.map((key) => `${key} is not known here${right}`)
  }
  if (path.length > 0) return [`${path.join('.')} ${message}`]
  return [issue.code === 'invalid_type' ? 'The request must be a JSON object' : message]
}
