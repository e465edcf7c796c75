// A program in a PID namespace of its own, below a first process that we choose. Needs root.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { requireTool } from '../../../scripts/ensure-system.ts'

/** As the first process: collects the dead, so that their numbers are free. */
export const collectingShell: string[] = ['/bin/sh', '-c', '"$0" "$1"; exit $?']
export const reusePids: string = path.join(import.meta.dirname, 'reuse-pids.ts')

const mayUnshare = process.platform === 'linux' && process.getuid?.() === 0

/** Options of a test that runs there, with Python. */
export function requirePidNamespace(): { skip: false | string; timeout: number } {
  const skip = mayUnshare ? requireTool('python3').skip : 'SKIPPED: needs root, for a PID namespace of its own'
  return { skip, timeout: 120_000 }
}

/** `first` gets the program as its last words, and ends with it. Resolves with what the program prints; rejects when it fails. */
export async function runInPidNamespace(first: string[], program: string): Promise<string> {
  const words = ['--pid', '--fork', '--kill-child', '--mount-proc', ...first, process.execPath, program]
  return (await promisify(execFile)('unshare', words)).stdout
}
