// A process to be measured: prints `count` lines, each with its number and the time it was written (microseconds since the
// epoch). `rate` lines per second, or 0 for as fast as the file takes them. When done it tells how long it took.
import { writeSync } from 'node:fs'

const [rate, count] = process.argv.slice(2).map(Number)
const startedAt = performance.now()
let written = 0

function write(text) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at)
}

function burst(lines) {
  const stamp = Math.round((performance.timeOrigin + performance.now()) * 1000)
  let text = ''
  for (let i = 0; i < lines; i++) {
    const n = written++
    text += `n=${n} t=${stamp} INFO order ${n * 7} of basket ${n % 97} paid in ${n % 311} ms\n`
  }
  write(text)
}

function tick() {
  const due = rate === 0 ? written + 500 : Math.floor(((performance.now() - startedAt) / 1000) * rate)
  const lines = Math.min(count, due) - written
  if (lines > 0) burst(lines)
  if (written < count) setTimeout(tick, rate === 0 ? 0 : 1)
  else write(`done in ${Math.round(performance.now() - startedAt)} ms\n`)
}

if (rate === 0) {
  while (written < count) burst(Math.min(500, count - written))
  write(`done in ${Math.round(performance.now() - startedAt)} ms\n`)
} else tick()
