// `logboom logs | head`: whoever reads has had enough, which is no error. A command that prints ends then; one that
// keeps processes running goes on without an audience.
let outlives = false

/** To be called once, at the start. */
export function endWhenOutputCloses(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // EIO is what a terminal that is gone gives.
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
      if (!outlives) process.exit(process.exitCode ?? 0)
    })
  }
}

export function outliveOutput(): void {
  outlives = true
}
