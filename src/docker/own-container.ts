// The container in which Logboom itself runs, so that it does not read its own lines.
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Of containers within each other the last is the innermost. A machine that has containers has mounts of theirs, too, though not there. */
const traces = {
  '/proc/self/cgroup': /(?:docker[-/]|libpod-|libpod\/)([0-9a-f]{64})/g,
  '/proc/self/mountinfo': /containers\/([0-9a-f]{64})\/\S+ \/etc\/(?:hostname|hosts|resolv\.conf) /g,
} as const

/** Beginning of its id; undefined outside of one. */
export function findOwnContainer(
  read: (file: string) => string = (file) => readFileSync(file, 'utf8'),
  host: string = hostname(),
): string | undefined {
  const told = Object.entries(traces).map(([file, trace]) => {
    try {
      return [...read(file).matchAll(trace)].at(-1)?.[1]
    } catch {
      // Without a /proc there is no container of these engines.
      return undefined
    }
  })
  // With cgroups of version 2 the files need not tell; the name of the host does, unless somebody has given another.
  return told.find((id) => id !== undefined) ?? (/^[0-9a-f]{12}$/.test(host) ? host : undefined)
}
