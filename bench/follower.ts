// A follower in a process of its own, as a browser would be: counts lines, takes their latency, and prints the result as
// JSON once it has seen `done in` or was told to wait no longer.
import { connect } from '../src/client/index.ts'

const [url, limitMs] = [process.argv[2]!, Number(process.argv[3])]
const latenciesMs: number[] = []
/** Of these, those of lines that were written when the first was a second old: hub and follower have run their code by then. */
const warmMs: number[] = []
const warmUpMs = 1000
let firstAt: number | undefined
let lines = 0
let next = 0
let disorder = 0

const subscription = connect(url).follow(
  { query: 'source:generator', limit: 0 },
  {
    records(records) {
      const now = performance.timeOrigin + performance.now()
      for (const { message } of records) {
        const match = /^n=(\d+) t=(\d+)/.exec(message)
        if (match) {
          lines++
          if (Number(match[1]) !== next) disorder++
          next = Number(match[1]) + 1
          const writtenAt = Number(match[2]) / 1000
          firstAt ??= writtenAt
          latenciesMs.push(now - writtenAt)
          if (writtenAt - firstAt >= warmUpMs) warmMs.push(now - writtenAt)
        } else if (message.startsWith('done in')) finish()
      }
    },
    state(state) {
      if (state === 'live') console.log('ready')
    },
  },
)
const timer = setTimeout(finish, limitMs)

function finish(): void {
  clearTimeout(timer)
  subscription.close()
  for (const list of [latenciesMs, warmMs]) list.sort((a, b) => a - b)
  console.log(
    JSON.stringify({
      lines,
      disorder,
      p50: quantile(latenciesMs, 0.5),
      p99: quantile(latenciesMs, 0.99),
      max: quantile(latenciesMs, 1),
      warmP99: quantile(warmMs, 0.99),
      warmMax: quantile(warmMs, 1),
    }),
  )
}

function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? NaN
}
