// Output that can be written no more. `logboom logs | head`: whoever reads has had enough, which is no error. A disk that is full is one,
// and is told. A command that prints ends then; one that keeps processes running goes on without an audience.
import { getSystemErrorMessage } from 'node:util'
import { LogboomError } from '../contracts/errors.ts'
import { reportError } from './report-error.ts'

let outlives = false
let isTold = false

/** To be called once, at the start. */
export function endWhenOutputCloses(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // EIO is what a terminal that is gone gives.
      const isClosed = error.code === 'EPIPE' || error.code === 'EIO'
      if (!isClosed && stream === process.stdout) tell(error)
      // Messages that nobody will read are no reason to print nothing.
      if (outlives || (!isClosed && stream === process.stderr)) return
      process.exit(isClosed ? (process.exitCode ?? 0) : 1)
    })
  }
}

function tell(error: NodeJS.ErrnoException): void {
  if (isTold) return
  isTold = true
  const reason = error.errno === undefined ? error.message : getSystemErrorMessage(error.errno)
  const hint = 'Free some space where it goes, or send it elsewhere.'
  reportError(new LogboomError('disk-full', `The output cannot be written: ${reason}`, { cause: error, hint }))
}

export function outliveOutput(): void {
  outlives = true
}
