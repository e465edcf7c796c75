// The command line of a process as people may see it: without its secrets.
import { maskWords } from '../../secrets/mask-command.ts'
import { readWords } from './proc-table.ts'

/** Words parted by spaces. */
export const readCommand = (pid: number): string => maskWords(readWords(pid)).join(' ')
