// A process that asks for something cheap every 10 ms and notes how long the answer took: what a user feels of a busy event
// loop. Prints the times as JSON when told to end.
import { setTimeout as sleep } from 'node:timers/promises'

const everyMs = 10
const [url] = process.argv.slice(2) as [string]
const times: number[] = []
let asking = true
process.once('message', () => (asking = false))
for (let n = 0; asking; n++) {
  const startedAt = performance.now()
  await (await fetch(url)).arrayBuffer()
  // The first ones open the connection and warm this process.
  if (n >= 20) times.push(performance.now() - startedAt)
  await sleep(everyMs)
}
process.send!(times)
process.disconnect?.()
