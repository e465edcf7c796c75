// Names that a source may have: they are file names, query words and URLs, whoever gives them.

/** The hub's own lines have this name. */
export const hubSource = 'logboom'

const longestBytes = 80

/** The fault of a name, for people; undefined when there is none. */
export function faultOfSourceName(name: string): string | undefined {
  if (name.trim() === '') return 'a name must not be empty'
  // Queries take no heed of letter case: lines of `Logboom` would be found among the hub's own.
  if (name.trim().toLowerCase() === hubSource) return `the name "${hubSource}" is Logboom's own; choose another`
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'a name must not have control characters'
  if (Buffer.byteLength(name) > longestBytes) return `a name must not be longer than ${longestBytes} bytes`
  return undefined
}
