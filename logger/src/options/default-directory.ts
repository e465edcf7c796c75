// The directory of log files of applications that name none. All users share the temporary directory that it lies in, so one that
// another user has made, or could write to, is not taken: links in it would lead our lines anywhere.
import { lstatSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** `<temporary directory>/<folder>/logs`, or that of this user alone; undefined where both are somebody else's. */
export function defaultLogDirectory(folder: string, temporary: string = tmpdir()): string | undefined {
  const user = process.getuid?.()
  const names = user === undefined ? [folder] : [folder, `${folder}-${user}`]
  const outer = names.map((name) => path.join(temporary, name)).find((place) => isOurs(place, user))
  return outer === undefined || !isOurs(path.join(outer, 'logs'), user) ? undefined : path.join(outer, 'logs')
}

/** A directory of this user that nobody else may write to, or nothing yet. */
function isOurs(place: string, user: number | undefined): boolean {
  const stat = lstatSync(place, { throwIfNoEntry: false })
  if (!stat || user === undefined) return true
  return stat.isDirectory() && stat.uid === user && (stat.mode & 0o022) === 0
}
