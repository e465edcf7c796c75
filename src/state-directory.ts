// The private directory where a hub keeps everything, made on first use.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LogboomError } from './errors.ts'

/** Throws `state-unusable`. */
export function makeStateDirectory(directory: string): void {
  try {
    makeDirectory(join(directory, 'capture'))
    chmodSync(directory, 0o700)
    if (!existsSync(join(directory, '.gitignore'))) writeFileSync(join(directory, '.gitignore'), '*\n')
  } catch (cause) {
    throw new LogboomError(
      'state-unusable',
      `The state directory ${directory} cannot be used: ${(cause as Error).message}`,
      { cause },
    )
  }
}

/** Like mkdir -p. Node's own goes round for ever where the system refuses a directory as if its parent were missing, in /proc. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return
  makeDirectory(dirname(directory))
  mkdirSync(directory, { mode: 0o700 })
}
