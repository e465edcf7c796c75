// The process of a peer that is a library; see embedded.ts.
import type { Subject } from '../peer.ts'
import type { Embedded, LibraryName, OpenEmbedded, Request, Response } from './embedded.ts'

const libraries: Record<LibraryName, () => Promise<{ open: OpenEmbedded }>> = {
  chdb: () => import('./chdb.ts'),
  'logboom-store': () => import('./logboom-store.ts'),
  sqlite: () => import('./sqlite.ts'),
  unit: () => import('./unit.ts'),
}

const [library, directory, subject, variant] = process.argv.slice(2) as [LibraryName, string, string, string]

const { open } = await libraries[library]()
const embedded = await open(directory, JSON.parse(subject) as Subject, variant)
process.on('message', (request: Request) => void answer(request))
// The parent process is gone.
process.on('disconnect', () => process.exit())
send({})

async function answer(request: Request): Promise<void> {
  try {
    send(await carryOut(embedded, request))
  } catch (error) {
    send({ error: (error as Error).stack ?? String(error) })
  }
}

async function carryOut(peer: Embedded, request: Request): Promise<Response> {
  const startedAt = performance.now()
  if ('ingest' in request) await peer.ingest(request.ingest)
  else if ('settle' in request) await peer.settle()
  else if ('close' in request) await peer.close()
  else {
    const hits = await peer.query(request.query)
    return hits === undefined ? {} : { answer: { milliseconds: performance.now() - startedAt, hits } }
  }
  return {}
}

function send(response: Response): void {
  process.send!(response)
}
