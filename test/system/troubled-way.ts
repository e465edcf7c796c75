// A way to a hub on which requests meet trouble: a proxy that passes them on, and may answer in place of the hub or keep the hub's answer back.
import { once } from 'node:events'
import { createServer, request, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PassedRequest {
  /** Counts from 1. */
  number: number
  batch: string
  body: Buffer
}

export type Trouble =
  /** The hub has the request, its answer does not arrive. */
  | 'answer-lost'
  /** The hub never sees the request. */
  | { status: number; headers?: Record<string, string> }
  | undefined

export interface TroubledWay {
  url: string
  /** What came, in order. */
  requests: PassedRequest[]
  close(): Promise<void>
}

export async function openTroubledWay(
  hubUrl: () => string,
  troubleOf: (passed: PassedRequest) => Trouble,
): Promise<TroubledWay> {
  const requests: PassedRequest[] = []
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const target = new URL(incoming.url!, hubUrl())
      const passed = {
        number: requests.length + 1,
        batch: target.searchParams.get('batch') ?? '',
        body: Buffer.concat(parts),
      }
      requests.push(passed)
      const trouble = troubleOf(passed)
      if (typeof trouble === 'object') return void outgoing.writeHead(trouble.status, trouble.headers).end('{}')
      const headers: IncomingHttpHeaders = { ...incoming.headers, host: target.host }
      const on = request(target, { method: 'POST', headers }, (answer) => {
        if (trouble === 'answer-lost') return answer.resume().on('end', () => outgoing.destroy())
        outgoing.writeHead(answer.statusCode!, answer.headers)
        return answer.pipe(outgoing)
      })
      on.on('error', () => outgoing.destroy())
      on.end(passed.body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
