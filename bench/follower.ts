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
  const [all, warm] = [latenciesMs, warmMs].map((list) => {
    list.sort((a, b) => a - b)
    return (share: number): number => list[Math.min(list.length - 1, Math.floor(list.length * share))] ?? NaN
  }) as [(share: number) => number, (share: number) => number]
  console.log(
    JSON.stringify({
      lines,
      disorder,
      p50: all(0.5),
      p99: all(0.99),
      max: all(1),
      warmP99: warm(0.99),
      warmMax: warm(1),
    }),
  )
}
