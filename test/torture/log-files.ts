// Log files under hubs that are stopped and killed at random moments, with directories that are changed and changed back, while
// somebody leaves notes in them: in all files together each line and each note stands once.
import assert from 'node:assert/strict'
import { appendFileSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'

const directories = ['first', 'second', 'third']
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)]!
const script = 'i=0; while :; do i=$((i + 1)); echo "talk $$ n=$i ."; sleep 0.005; done'

/** One in two rounds files rotate all the time, and hubs are stopped; in the others they are killed. */
export async function changeLogFiles(round: number): Promise<string> {
  const isKilled = round % 2 === 0
  const lives = Array.from({ length: 8 }, () => ({ directory: pick(directories), ms: Math.random() * 1500 }))
  const hub = prepareHub({})
  try {
    let notes = 0
    for (const { directory, ms } of lives) {
      configure(hub, directory, isKilled ? 10_000_000 : 4000)
      await hub.start()
      await sleep(ms)
      await (isKilled ? hub.kill() : hub.end('SIGINT'))
      for (const file of globSync(path.join(hub.directory, '{first,second,third}/talker.log')))
        appendFileSync(file, `note ${++notes} .\n`)
    }
    await hub.start()
    await hub.client.control('talker', 'stop')
    const lines: string[] = []
    for await (const { message } of hub.records('source:talker kind:system')) lines.push(message)
    await until('the last line is in a file', () => entries(hub).includes(lines.at(-1)!))
    const expected = [...lines, ...Array.from({ length: notes }, (_, index) => `note ${index + 1} .`)]
    assert.deepEqual(entries(hub).sort(), expected.sort())
    return `${lives.length} lives, ${isKilled ? 'killed' : 'rotated'}, ${lines.length} lines, ${notes} notes`
  } catch (cause) {
    throw new Error(`failed: ${JSON.stringify({ isKilled, lives })}`, { cause })
  } finally {
    await hub.close()
  }
}

function configure(hub: HubProcess, directory: string, rotateBytes: number): void {
  const sinks = { logFile: { directory, rotateBytes, keep: 10_000, append: true } }
  const config = { processes: { talker: { command: ['sh', '-c', script] } }, sinks }
  writeFileSync(path.join(hub.directory, 'logboom.config.json'), JSON.stringify(config))
}

function entries(hub: HubProcess): string[] {
  const texts = globSync(path.join(hub.directory, '{first,second,third}/talker*.log')).map((file) =>
    readFileSync(file, 'utf8'),
  )
  return texts.flatMap((text) => text.match(/(?:talk \d+ n=\d+|note \d+) \./g) ?? [])
}
