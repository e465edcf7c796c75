// One source as a running service: its messages, and around them hosts, process ids, threads, requests and durations.
import { expandSource } from './expand-source.ts'
import type { Random } from './random.ts'
import type { SampleSource } from './sample-lines.ts'

export interface Service {
  readonly name: string
  /** Draws the next record; its parts may be looked at, and changed, before it is formatted. */
  next(): void
  message: string
  level: string
  /** The record as a line of JSON; with a request id of its own, if one is given. */
  format(time: string, requestId?: string): string
}

interface Host {
  name: string
  pid: number
  threads: string[]
}

const needsEscape = /["\\\u0000-\u001f]/
const digits3 = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'))

export function openService(sample: SampleSource, random: Random): Service {
  const { name } = sample
  const messages = expandSource(sample, random)
  const hosts = Array.from({ length: 1 + random.below(5) }, (_, n): Host => ({
    name: `${name}-${n + 1}.${random.pick(['fra', 'ams', 'dub'])}.internal`,
    pid: 1000 + random.below(30_000),
    threads: ['main', 'timer-0', ...Array.from({ length: 12 }, (_item, worker) => `worker-${n * 12 + worker}`)],
  }))
  let host = hosts[0]!
  let thread = 'main'
  let requestId = ''
  let traceId = ''
  let left = 0

  /** A request's records follow each other: same host, thread and ids. */
  function beginRequest(): void {
    left = 1 + Math.floor(random.exponential() * 2)
    host = random.pick(hosts)
    if (random() < 1e-4) host.pid = 1000 + random.below(30_000)
    thread = random.pick(host.threads)
    const kind = random()
    requestId = kind < 0.45 ? random.hex(16) : kind < 0.7 ? uuid(random) : ''
    traceId = random() < 0.25 ? random.hex(32) : ''
  }

  const service: Service = {
    name,
    message: '',
    level: '',
    next() {
      if (left === 0) beginRequest()
      left--
      messages.next()
      service.message = messages.message
      service.level = messages.level
    },
    format(time, ownRequestId = requestId) {
      const { message, level } = service
      const text = needsEscape.test(message) ? JSON.stringify(message) : `"${message}"`
      let line = `{"time":"${time}","level":"${level}","source":"${name}","logger":"${messages.logger}","message":${text}`
      line += `,"host":"${host.name}","pid":${host.pid},"thread":"${thread}"`
      if (ownRequestId !== '') line += `,"request_id":"${ownRequestId}"`
      const microseconds = Math.floor(8000 * Math.exp(1.2 * random.normal()))
      line += `,"duration_ms":${Math.floor(microseconds / 1000)}.${digits3[microseconds % 1000]}`
      if (traceId !== '') line += `,"trace_id":"${traceId}"`
      return `${line}}\n`
    },
  }
  return service
}

function uuid(random: Random): string {
  const hex = random.hex(32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}
