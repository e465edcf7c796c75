// A follower in a process of its own, as a browser would be: counts lines, takes their latency, and prints the result as
// JSON once it has seen `done in` or was told to wait no longer.
import { connect } from '../src/client/index.ts'

const [url, limitMs] = [process.argv[2]!, Number(process.argv[3])]
const latenciesMs: number[] = []
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
          latenciesMs.push(now - Number(match[2]) / 1000)
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
  latenciesMs.sort((a, b) => a - b)
  const at = (share: number): number =>
    latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))] ?? NaN
  console.log(JSON.stringify({ lines, disorder, p50: at(0.5), p99: at(0.99), max: at(1) }))
}
