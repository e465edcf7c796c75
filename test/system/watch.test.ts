// Processes that are restarted when files change: once for a burst, once more for what changes meanwhile, never for what is not wanted.
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { SourceView } from '../../src/client/index.ts'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'

const debounceMs = 300
/** So long nothing happens, where nothing shall. */
const quietMs = 800

function write(hub: HubProcess, file: string, text = 'x'): void {
  const full = path.join(hub.directory, file)
  mkdirSync(path.dirname(full), { recursive: true })
  writeFileSync(full, text)
}

/** The hub answers before all sources are open. */
async function viewOf(hub: HubProcess, name: string): Promise<SourceView> {
  return await until(`${name} is there`, async () =>
    (await hub.client.sources()).find((source) => source.name === name),
  )
}

async function untilRun(hub: HubProcess, name: string, run: number): Promise<void> {
  await until(`run ${run} of ${name}`, async () => {
    const view = await viewOf(hub, name)
    return view.run === run && view.state === 'running'
  })
}

/** What was said of changes, in order. */
async function changesOf(hub: HubProcess, name: string): Promise<string[]> {
  const said: string[] = []
  for await (const { message } of hub.records(`source:${name} event:changed`)) said.push(message)
  return said
}

/** How many watches the system keeps for the hub. */
function watches(hub: HubProcess): number {
  const infos = readdirSync(`/proc/${hub.pid}/fdinfo`).map((name) => {
    try {
      return readFileSync(`/proc/${hub.pid}/fdinfo/${name}`, 'utf8')
    } catch {
      // Closed meanwhile.
      return ''
    }
  })
  return infos
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('inotify wd')).length
}

test('a change restarts, a burst once, one meanwhile once more, and others never', async (t) => {
  const forever = 'exec sleep 1000'
  const hub = prepareHub({
    processes: {
      web: { command: forever, watch: { files: ['src/**', 'web.json'], ignore: ['*.test.js'], debounceMs } },
      slow: {
        command: `trap 'touch stopping; until [ -e stop ]; do sleep 0.02; done; rm stop; exit 0' TERM; while :; do sleep 0.02; done`,
        watch: { files: ['slow/*.js'], debounceMs },
      },
      broken: {
        command: '[ -e broken/mended ] || exit 1; exec sleep 1000',
        restart: 'never',
        watch: { files: 'broken', debounceMs },
      },
      idle: { command: forever, autostart: false, watch: true },
    },
  })
  t.after(() => hub.close())
  // Two hundred directories, of which those of others are not looked at.
  for (let index = 0; index < 100; index++) {
    for (let file = 0; file < 20; file++) write(hub, `src/part-${index}/${file}.js`)
    write(hub, `node_modules/package-${index}/index.js`)
  }
  write(hub, 'slow/a.js')
  write(hub, 'broken/cause')
  await hub.start()
  await until('all at work', async () => (await viewOf(hub, 'broken')).state === 'crashed')
  for (const name of ['web', 'slow']) await untilRun(hub, name, 1)
  await until('all watched', () => watches(hub) > 100)

  write(hub, 'src/part-7/3.js', 'changed')
  await untilRun(hub, 'web', 2)
  for (let index = 0; index < 100; index++) write(hub, `src/part-${index}/5.js`, 'changed')
  await untilRun(hub, 'web', 3)
  write(hub, 'src/new/deep/er/first.js')
  await untilRun(hub, 'web', 4)
  write(hub, 'src/new/deep/er/second.js')
  await untilRun(hub, 'web', 5)
  rmSync(path.join(hub.directory, 'src/part-3/4.js'))
  await untilRun(hub, 'web', 6)
  write(hub, 'web.json')
  await untilRun(hub, 'web', 7)
  for (const file of ['src/a.test.js', 'other.json', 'node_modules/package-1/index.js', 'src/out.log', 'src/.hidden'])
    write(hub, file, 'changed')
  await sleep(quietMs)
  const [first, burst, ...rest] = await changesOf(hub, 'web')
  assert.equal(first, 'src/part-7/3.js changed: restarting')
  assert.match(burst!, /^src\/part-\d+\/5\.js and 99 more changed: restarting$/)
  assert.deepEqual(rest, [
    'src/new/deep/er/first.js changed: restarting',
    'src/new/deep/er/second.js changed: restarting',
    'src/part-3/4.js changed: restarting',
    'web.json changed: restarting',
  ])
  const { run, restarts } = await viewOf(hub, 'web')
  assert.deepEqual([run, restarts], [7, 6])
  assert.ok(watches(hub) < 150, `${watches(hub)} watches`)

  // What changes while it is stopped counts as one change more, after it has ended in its own time.
  write(hub, 'slow/a.js', 'one')
  await until('it is asked to end', () => readdirSync(hub.directory).includes('stopping'))
  for (const text of ['two', 'three']) write(hub, 'slow/b.js', text)
  await sleep(2 * debounceMs)
  assert.deepEqual([(await viewOf(hub, 'slow')).state, (await viewOf(hub, 'slow')).run], ['stopping', 1])
  write(hub, 'stop')
  await until('asked again', async () => {
    const view = await viewOf(hub, 'slow')
    return view.run === 2 && view.state === 'stopping'
  })
  write(hub, 'stop')
  await untilRun(hub, 'slow', 3)

  write(hub, 'broken/mended')
  await untilRun(hub, 'broken', 2)
  await sleep(quietMs)
  assert.deepEqual(await changesOf(hub, 'slow'), ['slow/a.js changed: restarting', 'slow/b.js changed: restarting'])
  const idle = await viewOf(hub, 'idle')
  assert.deepEqual([idle.state, idle.run], ['stopped', 0], 'who is stopped stays so')
  write(hub, 'stop')
})

const limited = [
  '--user',
  '--map-root-user',
  'sh',
  '-c',
  'echo 60 > /proc/sys/user/max_inotify_watches && exec "$@"',
  'sh',
]
const mayLimit = spawnSync('unshare', [...limited, 'true'], { stdio: 'ignore' }).status === 0
const skip = mayLimit ? false : 'SKIPPED: needs a user namespace of its own, for few watches'

test('where the system has too few watches, it is shown, and the process runs on', { skip }, async () => {
  const program = path.join(import.meta.dirname, 'few-watches.ts')
  const { stdout } = await promisify(execFile)('unshare', [...limited, process.execPath, program])
  assert.equal(stdout, 'shown\n')
})
