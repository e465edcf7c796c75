// Requests as no polite client writes them: the bytes of a request target and its headers exactly as given, over a socket of
// their own.
import { connect } from 'node:net'

export interface RawHttpAnswer {
  /** 0 when the connection ended without an answer. */
  status: number
  /** By lower-case name. */
  headers: Record<string, string>
  body: string
}

export interface RawRequest {
  method?: string
  /** As it stands in the first line. */
  target: string
  version?: string
  /** Lines such as `Host: 127.0.0.1`, in this order. */
  headers?: readonly string[]
}

/** Sends the head of one request and gives what came back, at most until the peer ends or `enough` is true. */
export async function rawRequest(
  url: string,
  { method = 'GET', target, version = '1.1', headers = [] }: RawRequest,
  enough: (text: string) => boolean = () => false,
): Promise<RawHttpAnswer> {
  const lines = [`${method} ${target} HTTP/${version}`, ...headers, 'Connection: close']
  return parseAnswer(await exchange(url, `${lines.join('\r\n')}\r\n\r\n`, enough))
}

/** Sends these bytes and gives all that came back. */
export function exchange(url: string, text: string, enough: (text: string) => boolean = () => false): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(Number(port), hostname, () => socket.write(text))
    const end = (): void => {
      socket.destroy()
      resolve(received)
    }
    socket.setTimeout(20_000, () => socket.destroy(new Error(`No end of the answer to ${text.split('\r\n', 1)[0]}`)))
    socket.setEncoding('utf8').on('data', (data: string) => {
      received += data
      if (enough(received)) end()
    })
    socket.on('close', end)
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? end() : reject(error)))
  })
}

export function parseAnswer(text: string): RawHttpAnswer {
  const at = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = (at < 0 ? text : text.slice(0, at)).split('\r\n')
  const pairs = lines.map((line) => /^([^:]*):\s*(.*)$/.exec(line)).filter((match) => match !== null)
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0),
    headers: Object.fromEntries(pairs.map(([, name, value]) => [name!.toLowerCase(), value!])),
    body: at < 0 ? '' : text.slice(at + 4),
  }
}
