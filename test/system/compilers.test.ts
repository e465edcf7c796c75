// The hub runs without the parts of the engine's compiler that made columns share a number (decisions/081).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prepareHub, until } from '../hub-process.ts'

const traced = `data:text/javascript,${encodeURIComponent("import v8 from 'node:v8'; v8.setFlagsFromString('--trace-opt')")}`

test('loops that run are taken over by the last compiler only, in no thread by the middle one', async (t) => {
  const processes = { seq: { command: ['seq', '3000000'], restart: 'never' as const } }
  const hub = prepareHub({ processes }, () => ({ environment: { NODE_OPTIONS: `--import ${traced}` } }))
  t.after(() => hub.close())
  await hub.start()
  await until('a loop is taken over', () => /\(target TURBOFAN\w*\) OSR/.test(hub.console()))
  await until('all lines', async () => (await hub.client.summary({ query: 'source:seq 3000000' })).count === 1)
  assert.doesNotMatch(hub.console(), /\(target MAGLEV\) OSR/)
})
