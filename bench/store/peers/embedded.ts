// Peers that are libraries run in a process of their own (embedded-main.ts), so that what they use can be told from what the
// benchmark uses. Time is taken in there: they answer without a wire.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Answer, Peer, PeerType, QueryName, Subject } from '../peer.ts'
import { bytesIn, usageOf } from '../process-usage.ts'

export type LibraryName = 'chdb' | 'logboom-store' | 'sqlite' | 'unit'

/** The contract of such a library. */
export interface Embedded {
  ingest(file: string): void | Promise<void>
  settle(): void | Promise<void>
  /** The number of records found; undefined where it has no such query. */
  query(name: QueryName): number | undefined | Promise<number | undefined>
  close(): void | Promise<void>
}

export type OpenEmbedded = (directory: string, subject: Subject, variant: string) => Embedded | Promise<Embedded>

/** To the process, one at a time. */
export type Request = { ingest: string } | { settle: true } | { query: QueryName } | { close: true }
export type Response = { answer?: Answer; error?: string }

interface EmbeddedType extends Omit<PeerType, 'open'> {
  library: LibraryName
  variant?: string
}

export function embeddedPeer({ library, variant = '', ...type }: EmbeddedType): PeerType {
  return {
    ...type,
    open: (directory, subject) => openProcess([library, directory, JSON.stringify(subject), variant], directory),
  }
}

async function openProcess(words: string[], directory: string): Promise<Peer> {
  let cpuBefore = 0
  let peakBefore = 0
  let child = await start()

  async function start(): Promise<ChildProcess> {
    const started = fork(new URL('./embedded-main.ts', import.meta.url), words)
    await answerOf(started)
    return started
  }

  async function ask(request: Request): Promise<Answer | undefined> {
    const response = answerOf(child)
    child.send(request)
    return await response
  }

  async function end(): Promise<void> {
    await ask({ close: true })
    const { cpuSeconds, peakMb } = usageOf(child.pid!)
    cpuBefore += cpuSeconds
    peakBefore = Math.max(peakBefore, peakMb)
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  return {
    ingest: async (file) => void (await ask({ ingest: file })),
    async settle() {
      await ask({ settle: true })
      return 0
    },
    async restart() {
      await end()
      child = await start()
    },
    query: (name) => ask({ query: name }),
    usage() {
      const { cpuSeconds, peakMb } = usageOf(child.pid!)
      return { cpuSeconds: cpuBefore + cpuSeconds, peakMb: Math.max(peakBefore, peakMb) }
    },
    bytesOnDisk: () => bytesIn(directory),
    async close() {
      if (child.exitCode === null && child.signalCode === null) await end()
    },
  }
}

/** The next message of the process; rejects when it dies instead. */
async function answerOf(child: ChildProcess): Promise<Answer | undefined> {
  const done = new AbortController()
  const { signal } = done
  try {
    const [response] = (await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]) => [{ error: `its process ended with code ${code}` }]),
    ])) as [Response]
    if (response.error !== undefined) throw new Error(response.error)
    return response.answer
  } finally {
    done.abort()
  }
}
