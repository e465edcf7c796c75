// The private directory where a hub keeps everything, made on first use.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LogboomError } from '../../contracts/errors.ts'
import { makeDirectory } from '../../system/make-directory.ts'

/** A directory that is there already may be anybody's, and keeps its mode; its files are private all the same. Throws `state-unusable`. */
export function makeStateDirectory(directory: string): void {
  try {
    const isNew = !existsSync(directory)
    makeDirectory(join(directory, 'capture'))
    if (isNew) writeFileSync(join(directory, '.gitignore'), '*\n', { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    throw new LogboomError(
      'state-unusable',
      `The state directory ${directory} cannot be used: ${(cause as Error).message}`,
      { cause },
    )
  }
}
