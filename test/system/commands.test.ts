// Secrets in command lines: nowhere shown and nowhere kept, though what is executed has them; and what lives is found by what it
// is, not by what is kept of it.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'

const secrets = ['hunter2a', 'hunter2b', 'hunter2c', 'hunter2d', 'hunter2e', 'hunter2f', 'hunter2g', 'hunter2h']
const [a, b, c, d, e, f, g, h] = secrets as [string, string, string, string, string, string, string, string]
/** Says how long its arguments are, so that it is known that they are right. */
const sayLengths = 'console.log(process.argv.slice(1).map((word) => word.length).join()); setInterval(() => {}, 1e6)'

const vector = [process.execPath, '-e', sayLengths, 'x', `--password=${a}`, '--token', b, `postgres://u:${c}@db/shop`]
const line = `FOO_SECRET=${d} sh -c 'exec sleep 1000' --api-key "${e}" "https://a.example/?token=${f}&x=1"`

/** All that a program may see of the hub, what commands show, and all that it leaves. */
async function everything(hub: HubProcess, commands: string[][]): Promise<string> {
  const texts = [
    hub.console(),
    JSON.stringify(await (await fetch(`${hub.url}/api/v1/sources`)).json()),
    JSON.stringify(await (await fetch(`${hub.url}/api/v1/sources/vector/processes`)).json().catch(() => '')),
    JSON.stringify((await hub.client.search({ query: 'kind:event OR source:logboom', limit: 1000 })).records),
  ]
  for (const words of commands) {
    const { stdout, stderr } = await hub.command(...words)
    texts.push(stdout, stderr)
  }
  for (const file of readdirSync(hub.stateDirectory, { recursive: true, withFileTypes: true }))
    if (file.isFile()) texts.push(readFileSync(path.join(file.parentPath, file.name), 'latin1'))
  return texts.join('\n')
}

test('secrets of commands are executed and nowhere else, over a killed hub and a changed configuration', async (t) => {
  const processes: Record<string, object> = {
    vector: { command: vector },
    line: {
      command: line,
      ready: { http: `http://me:${g}@127.0.0.1:9/?password=${h}`, timeoutMs: 300, intervalMs: 50 },
      env: { DB_PASSWORD: h },
    },
    missing: { command: `no-such-program --password ${a}`, restart: 'never' },
    leaves: { command: ['sh', '-c', 'sleep 1000; echo', 'x', `--token=${c}`], env: { A_TOKEN: b } },
  }
  const hub = prepareHub({ processes })
  t.after(() => hub.close())
  await hub.start()
  const stateOf = async (name: string) => (await hub.client.sources()).find((source) => source.name === name)!
  const printed = async (): Promise<string[]> =>
    (await hub.client.search({ query: 'source:vector kind:system' })).records.map(({ message }) => message)
  const lengths = vector
    .slice(3)
    .map(({ length }) => length)
    .join()
  await until('it has its arguments', async () => (await printed()).includes(lengths))
  await until('not ready in time', async () => (await stateOf('line')).detail?.includes('not ready'))

  const assertNowhere = async (...commands: string[][]): Promise<void> => {
    const text = await everything(hub, commands)
    for (const secret of secrets) {
      const at = text.indexOf(secret)
      assert.ok(at < 0, `${secret} stands in: ${text.slice(Math.max(0, at - 300), at + 100)}`)
    }
    assert.ok(text.includes('--password=*** --token *** postgres://u:***@db/shop'))
    assert.ok(text.includes('FOO_SECRET=*** sh -c'))
    assert.ok(!text.includes('****'))
  }
  await assertNowhere(['ps'], ['ps', '--tree'], ['check'], ['check', '--json'], ['export'])

  const pids = async (): Promise<unknown> =>
    (await hub.client.sources()).flatMap(({ name, pid }) => (pid === undefined ? [] : `${name} ${pid}`)).sort()
  const before = await pids()
  // Another password is another command, though both look the same; what is configured no more can only be stopped.
  await hub.kill()
  delete processes['leaves']
  const changed = vector.map((word) => word.replace(a, 'hunter3'))
  const config = { processes: { ...processes, vector: { command: changed } } }
  writeFileSync(path.join(hub.directory, 'logboom.config.json'), JSON.stringify(config))
  await hub.start()
  assert.deepEqual(await pids(), before)
  assert.match((await stateOf('vector')).detail!, /earlier command/)
  assert.doesNotMatch((await stateOf('line')).detail ?? '', /earlier command/)
  assert.equal((await stateOf('leaves')).detail, undefined)
  await assert.rejects(hub.client.control('leaves', 'restart'), { code: 'not-controllable' })
  await hub.client.control('leaves', 'stop')
  await assertNowhere()
  writeFileSync(path.join(hub.directory, 'logboom.config.json'), JSON.stringify({ processes: { x: { command: ['a'], instances: `--password=${a}`, env: { DB_TOKEN: [b] } } } })) // oxfmt-ignore
  const { code, stderr } = await hub.command('check')
  assert.notEqual(code, 0)
  assert.match(stderr, /instances/)
  for (const secret of secrets) assert.ok(!stderr.includes(secret), stderr)
})
