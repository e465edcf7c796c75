// The scenario of watch.test.ts where the system has few watches, run as a program in a user namespace that has a limit of its own.
import assert from 'node:assert/strict'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { prepareHub, until } from '../hub-process.ts'

const hub = prepareHub({ processes: { web: { command: 'exec sleep 1000', watch: { files: 'src', debounceMs: 50 } } } })
try {
  for (let index = 0; index < 100; index++) mkdirSync(path.join(hub.directory, `src/${index}`), { recursive: true })
  await hub.start()
  const view = async () => (await hub.client.sources())[0]!
  const message = /^changes are not watched: the system has no more watches; raise fs\.inotify\.max_user_watches/
  await until('it is shown', async () => message.test((await view()).detail ?? ''))
  assert.equal((await view()).state, 'running')
  const { records } = await hub.client.search({ query: 'source:web event:not-watched' })
  assert.deepEqual(
    records.map(({ severity }) => severity),
    [13],
  )

  // A restart tries again.
  for (let index = 2; index < 100; index++) rmSync(path.join(hub.directory, `src/${index}`), { recursive: true })
  await hub.client.control('web', 'restart')
  await until('it is shown no more', async () => (await view()).detail === undefined)
  writeFileSync(path.join(hub.directory, 'src/1/a.js'), '')
  await until('a restart', async () => (await view()).run === 3)
  assert.equal(await hub.end('SIGINT'), 130)
  console.log('shown')
} finally {
  await hub.close()
}
