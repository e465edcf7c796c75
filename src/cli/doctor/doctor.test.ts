import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkFileSystem } from './doctor-files.ts'
import { checkSources } from './doctor-sources.ts'
import { checkClock, checkLimits, checkNode, checkPort, checkProc } from './doctor-system.ts'

test('a Node.js that is too old fails', () => {
  for (const old of ['20.19.0', '24.11.9']) assert.equal(checkNode(old).verdict, 'fail', old)
  for (const good of ['24.12.0', '26.0.0']) assert.equal(checkNode(good).verdict, 'ok', good)
})

test('limits that are too low, a /proc that is missing, a clock that stands still', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'logboom-doctor-'))
  t.after(() => rm(directory, { recursive: true }))
  assert.equal(checkProc(directory).verdict, 'warn')
  await writeFile(join(directory, 'max_user_watches'), '100\n')
  await writeFile(join(directory, 'max_user_instances'), '128\n')
  const { verdict, text, hint } = checkLimits(directory)
  assert.deepEqual(
    [verdict, text, hint],
    ['warn', 'fs.inotify.max_user_watches is only 100', 'sysctl fs.inotify.max_user_watches=8192'],
  )
  assert.equal(checkClock(0).verdict, 'warn')
})

test('a port that is taken fails only when it was asked for', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const taken = await checkPort('127.0.0.1', port)
  assert.deepEqual([taken.verdict, taken.text], ['fail', `127.0.0.1:${port} is taken by something else`])
  assert.equal((await checkPort('127.0.0.1', 0)).verdict, 'ok')
})

test('addresses of syslog sources are tried out', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const tcp = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const sources = [{ type: 'syslog', name: 'net', options: { udp: '127.0.0.1:0', tcp } }]
  const findings = (await checkSources(sources, false)).map(({ verdict, text }) => `${verdict} ${text}`)
  const taken = `fail cannot listen on tcp ${tcp}: another program has this address`
  assert.deepEqual(findings, ['ok can listen on udp 127.0.0.1:0', taken])
  assert.deepEqual(await checkSources(sources, true), [])
})

test('the file system is tried out, and nothing is left behind', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'logboom-doctor-'))
  t.after(() => rm(directory, { recursive: true }))
  const findings = await checkFileSystem(join(directory, 'not', 'there'))
  assert.deepEqual(
    findings.filter(({ what }) => what !== 'hole punching').map(({ what, verdict }) => [what, verdict]),
    [
      ['state directory', 'ok'],
      ['file system', 'ok'],
      ['locks', 'ok'],
    ],
  )
  assert.deepEqual(await readdir(directory), [])
})

test('a state directory that cannot be made fails', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'logboom-doctor-'))
  t.after(() => rm(directory, { recursive: true }))
  // A file where a directory should be stops root as well.
  await writeFile(join(directory, 'file'), '')
  await mkdir(join(directory, 'other'))
  const [finding] = await checkFileSystem(join(directory, 'file', 'state'))
  assert.equal(finding!.verdict, 'fail')
  assert.match(finding!.hint!, /--state/)
})
