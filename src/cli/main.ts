// The beginning of the command line: parses it, runs the command it names, and turns an error into an exit code.
import { CommanderError } from 'commander'
import { endWhenOutputCloses } from './closed-output.ts'
import { createProgram } from './program.ts'
import { reportError } from './report-error.ts'

/** Sets the process's exit code: 0 done, 1 failure, 2 wrong usage or configuration, 128 + n after a signal. */
export async function main(argv: readonly string[]): Promise<void> {
  endWhenOutputCloses()
  try {
    await createProgram().parseAsync([...argv])
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : reportError(error)
  }
}
