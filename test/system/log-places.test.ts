// Log and session files whose directories are changed and changed back, and in which others write: nothing that stands in
// a file is ever cut or removed for what the hub remembers of another one, and nothing of ours comes twice.
import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  globSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'

interface Place {
  hub: HubProcess
  file(name: string): string
  text(name: string): string
  /** Another configuration for the next life: the directory of files, and how many lines the process prints in it. */
  configure(directory: string, count: number): void
  /** Stops the hub and its process. */
  stop(): Promise<void>
}

const words = 'x'.repeat(60)
const lineOf = (life: string, n: number): string => `${life} n=${n} ${words}`

function prepare(t: TestContext): Place {
  const hub = prepareHub({})
  t.after(() => hub.close())
  const file = (name: string): string => path.join(hub.directory, name)
  return {
    hub,
    file,
    text: (name) => readFileSync(file(name), 'utf8'),
    configure(directory, count) {
      const script = `i=0; while [ $i -lt ${count} ]; do echo "${directory} n=$i ${words}"; i=$((i + 1)); done; while [ ! -e go ]; do sleep 0.05; done; echo more; exec sleep 1000`
      const files = { directory, rotateBytes: 20_000, keep: 100 }
      const config = {
        processes: { talker: { command: ['sh', '-c', script] } },
        sinks: { logFile: files, sessionFile: { directory: `${directory}-sessions`, flushIntervalMs: 20 } },
      }
      writeFileSync(file('logboom.config.json'), JSON.stringify(config))
    },
    stop: async () => void (await hub.end('SIGINT')),
  }
}

async function printed({ hub, file }: Place, directory: string, count: number): Promise<void> {
  const last = lineOf(directory, count - 1)
  await until('the last line is in the file', () => {
    const current = file(`${directory}/talker.log`)
    return existsSync(current) && readFileSync(current, 'utf8').includes(last)
  })
  const [session] = globSync(file(`${directory}-sessions/${(await hub.client.hub()).session}.log`))
  await until('and in that of the session', () => session && readFileSync(session, 'utf8').includes(last))
}

const textsIn = (hub: HubProcess, pattern: string): Map<string, string> =>
  new Map(globSync(path.join(hub.directory, pattern)).map((name) => [name, readFileSync(name, 'utf8')]))

test('directories that are changed and changed back: every file has what it had', async (t) => {
  const place = prepare(t)
  const { hub, configure, stop } = place
  configure('first', 900)
  await hub.start()
  await printed(place, 'first', 900)
  // Killed, so that the last lines are given again in the life to come, wherever its files are.
  writeFileSync(place.file('go'), '')
  await until('the last line', async () => (await hub.client.search({ query: 'more', limit: 1 })).records[0])
  await hub.kill()
  const before = textsIn(hub, 'first*/*.log')
  assert.ok(before.size > 4, 'rotated ones among them')
  rmSync(place.file('go'))

  configure('second', 20)
  await hub.start()
  await hub.client.control('talker', 'restart')
  await printed(place, 'second', 20)
  await stop()
  configure('first', 30)
  await hub.start()
  await printed(place, 'first', 30)
  await stop()

  const now = [...textsIn(hub, 'first*/*.log').values()]
  for (const [name, text] of before)
    assert.ok(
      now.some((each) => each.startsWith(text)),
      `${path.relative(hub.directory, name)} is not what it was: ${text.length} bytes`,
    )
})

test('what others write, put in place or cut in log files stays as they left it, and ours comes once', async (t) => {
  const place = prepare(t)
  const { hub, file, text, configure, stop } = place
  configure('logs', 100)
  await hub.start()
  await printed(place, 'logs', 100)
  const session = (await hub.client.hub()).session
  const sessionFile = `logs-sessions/${session}.log`

  // Killed and adopted: the same run goes on in the same file, in which others wrote before and after the kill.
  appendFileSync(file('logs/talker.log'), 'a note of the admin\n')
  await hub.kill()
  appendFileSync(file('logs/talker.log'), 'a second note\nand no end of line\n')
  appendFileSync(file(sessionFile), 'a note in the session\n')
  await hub.start()
  writeFileSync(file('go'), '')
  await until('the run goes on in its file', () => text('logs/talker.log').includes('more\n'))
  const whole = text('logs/talker.log')
  for (const note of ['a note of the admin\n', 'a second note\nand no end of line\n'])
    assert.ok(whole.includes(note), note)
  for (let n = 0; n < 100; n++) assert.equal(whole.split(`${lineOf('logs', n)}\n`).length, 2, `line ${n}`)
  assert.ok(text(sessionFile).includes('a note in the session\n'))
  for (let n = 0; n < 100; n++) assert.equal(text(sessionFile).split(`${lineOf('logs', n)}\n`).length, 2, `line ${n}`)

  // Stopped: one that is longer, of the same shape and put in its place, and rotated ones with numbers to come.
  await stop()
  appendFileSync(file('logs/talker.log'), 'written while nobody was there\n')
  copyFileSync(file('logs/talker.log'), file('logs/talker.7.log'))
  copyFileSync(file('logs/talker.log'), file('logs/newcomer.log'))
  writeFileSync(file('logs/talker.log'), `${whole}put in its place\n`.repeat(2))
  rmSync(file('go'))
  await hub.start()
  await printed(place, 'logs', 100)
  assert.equal(text('logs/talker.previous.log'), `${whole}put in its place\n`.repeat(2))
  for (const copy of ['logs/talker.7.log', 'logs/newcomer.log'])
    assert.ok(text(copy).endsWith('written while nobody was there\n'), copy)

  // Emptied by somebody, and filled with less. What the files are is noted each second.
  const changedAt = (name: string): number => statSync(name).mtimeMs
  await until(
    'the files are noted',
    () => changedAt(path.join(hub.stateDirectory, 'sinks.json')) > changedAt(file('logs/talker.log')),
  )
  await hub.kill()
  writeFileSync(file('logs/talker.log'), 'less than it was\n')
  await hub.start()
  writeFileSync(file('go'), '')
  await until('it goes on there', () => text('logs/talker.log').includes('more\n'))
  assert.ok(text('logs/talker.log').startsWith('less than it was\n'))
})
