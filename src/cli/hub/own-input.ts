// Whether the standard input of this command may be given to what it runs.
import { readFileSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * A terminal only while this is in the foreground: in the background whoever reads it would take what is typed from the shell, as
 * a process in a session of its own is not stopped for that.
 */
export function mayPassInput(): boolean {
  if (!isatty(0)) return true
  const fields = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)!.split(' ')
  const [group, foreground] = [fields[2], fields[5]]
  return group === foreground
}
