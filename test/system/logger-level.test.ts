// The file in which a logger finds the level that somebody has set for its source: written by command line and API, without a hub, too.
import assert from 'node:assert/strict'
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
