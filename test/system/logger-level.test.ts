// The file in which a logger finds the level that somebody has set for its source: written by command line and API, without a hub, too.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'

/** Prints what its control file says, whenever that is something new. */
const watcher = {
  command: [
    'sh',
    '-c',
    'while sleep 0.1; do c=$(cat "$LOGBOOM_CONTROL"); [ "$c" = "$o" ] || echo "told $c"; o=$c; done',
  ],
}

async function told(hub: HubProcess, source: string): Promise<string[]> {
  const { records } = await hub.client.search({ query: `source:${source} kind:system`, order: 'oldest' })
  return records.map(({ message }) => (JSON.parse(message.slice('told '.length)) as { level?: string }).level ?? 'none')
}

test('a level that is set reaches the loggers of a source within a second, without a hub, too, and stays under the next', async (t) => {
  const hub = prepareHub({ processes: { api: watcher, 'night/worker': watcher } })
  t.after(() => hub.close())
  await hub.start()
  const heard = async (source: string, levels: string[]): Promise<void> => {
    await until(`${source} hears ${levels.join()}`, async () => (await told(hub, source)).length >= levels.length, 5000)
    assert.deepEqual(await told(hub, source), levels)
  }
  await heard('api', ['none'])
  await hub.command('level', 'api', 'debug')
  await heard('api', ['none', 'DEBUG'])
  await hub.client.setLevel('*', { shown: 'WARNING' })
  await heard('night/worker', ['none', 'WARNING'])
  await hub.client.setLevel('api', { captured: 'TRACE' })

  await hub.kill()
  const set = await hub.command('level', 'api', 'trace')
  assert.equal(set.code, 0, set.stderr)
  assert.match(set.stdout, /^api +TRACE$/m)
  const unknown = await hub.command('level', 'apo', 'trace')
  assert.match(unknown.stderr, /no source apo[^]*api, night\/worker/)
  const wrong = await hub.command('level', 'api', 'loud')
  assert.match(wrong.stderr, /loud/)
  assert.match((await hub.command('level', '--all', 'debug')).stderr, /no hub/i)

  await hub.start()
  await heard('api', ['none', 'DEBUG', 'TRACE'])
  const levels = async () =>
    (await hub.client.sources()).map(({ name, shownLevel }) => `${name} ${shownLevel}`).toSorted()
  assert.deepEqual(await levels(), ['api TRACE', 'night/worker WARNING'])
  await hub.command('level', 'api', 'default')
  await heard('api', ['none', 'DEBUG', 'TRACE', 'WARNING'])
  await hub.kill()
  await hub.command('level', 'night/worker', 'error')
  await hub.command('level', 'night/worker', 'default')
  await hub.start()
  assert.deepEqual(await levels(), ['api WARNING', 'night/worker WARNING'])
})

test('a control file that somebody removes, or puts something in the place of, is written again, or it is said why not', async (t) => {
  const hub = prepareHub({ processes: { api: watcher } })
  t.after(() => hub.close())
  await hub.start()
  await hub.command('level', 'api', 'debug')
  const directory = path.join(hub.directory, '.logboom', 'control')
  const file = path.join(directory, 'api.json')
  const level = (): string | undefined => {
    try {
      return (JSON.parse(readFileSync(file, 'utf8')) as { level?: string }).level
    } catch {
      return undefined
    }
  }
  const isBack = (wanted: string): Promise<unknown> => until(`api has ${wanted}`, () => level() === wanted, 10_000)
  await isBack('DEBUG')
  rmSync(file)
  await isBack('DEBUG')
  rmSync(file)
  mkdirSync(path.join(file, 'within'), { recursive: true })
  await isBack('DEBUG')
  rmSync(directory, { recursive: true })
  await isBack('DEBUG')
  writeFileSync(file, 'nonsense')
  await hub.command('level', 'api', 'debug')
  await isBack('DEBUG')

  rmSync(directory, { recursive: true })
  writeFileSync(directory, 'in the way')
  const set = await hub.command('level', 'api', 'trace')
  assert.match(set.stderr, /The loggers of api cannot be told their level: .*control is no directory; move it away/)
  assert.match((await hub.command('ps')).stdout, /The loggers of api cannot be told their level/)
  rmSync(directory)
  await isBack('TRACE')
  await until('the trouble is over', async () => !(await hub.command('ps')).stdout.includes('cannot be told'))

  await hub.kill()
  rmSync(file)
  mkdirSync(path.join(file, 'within'), { recursive: true })
  assert.match((await hub.command('level', 'api', 'debug')).stderr, /no source api that was ever run/)
})
