// Names that instances of a process may have are taken by no other source.
import type { ParsedConfig, Parts } from './config-schema.ts'
import { configuredInstances } from './instances.ts'
import type { Problem } from './problem.ts'

export function checkInstances(parsed: ParsedConfig, { sourceTypes }: Parts): Problem[] {
  const all = sourceTypes.flatMap(({ type, section }) =>
    Object.entries(parsed[section] as Record<string, unknown>).map(([name, options]) => ({
      path: [section, name],
      source: { type, name, options },
    })),
  )
  const scaled = new Set(all.flatMap(({ source }) => (configuredInstances(source) === undefined ? [] : source.name)))
  return all.flatMap(({ path, source: { name } }): Problem[] => {
    const of = /^(.+)-[1-9]\d*$/.exec(name)?.[1]
    return of !== undefined && scaled.has(of)
      ? [{ path, message: `an instance of ${of} may be called so; choose another name` }]
      : []
  })
}
