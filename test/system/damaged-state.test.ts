// What a hub keeps beside its records is damaged: it starts all the same, and nothing is started twice. All damages: `npm run
// torture state`.
import assert from 'node:assert/strict'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { isAlive, prepareHub, until } from '../hub-process.ts'
import { damagesOf, startDamagedHub } from './damage-state.ts'

const both =
  (wanted: RegExp) =>
  (state: string): void => {
    for (const file of ['catalogue.db', 'lock.db'])
      damagesOf(file)
        .find(({ name }) => wanted.test(name))!
        .apply(state)
  }

test('a hub lives with a catalogue and a lock that are damaged', async (t) => {
  const hub = await startDamagedHub()
  t.after(() => hub.close())
  for (const wanted of [/removed/, /garbage$/, /a directory/])
    await hub.survive({ name: `both ${wanted}`, isQuiet: wanted.source === 'removed', apply: both(wanted) })
  // With the catalogue gone, what lives is ended all the same.
  const pid = Number(readFileSync(path.join(hub.directory, 'lives'), 'utf8'))
  await hub.kill()
  for (const name of readdirSync(hub.stateDirectory).filter((each) => each.startsWith('catalogue')))
    rmSync(path.join(hub.stateDirectory, name), { recursive: true })
  const { stdout } = await hub.command('down')
  assert.match(stdout, /Stopped counter/)
  assert.equal(isAlive(pid), false)
})

test('of two hubs that find a damaged lock one serves, and links that lie in the way are not written through', async (t) => {
  const hub = prepareHub({ processes: { one: { command: 'echo $$ >> lives; exec sleep 1000' } } })
  t.after(() => hub.close())
  mkdirSync(path.join(hub.stateDirectory, 'store'), { recursive: true, mode: 0o700 })
  writeFileSync(path.join(hub.stateDirectory, 'lock.db'), 'x'.repeat(5000))
  const victim = path.join(hub.directory, 'victim')
  writeFileSync(victim, 'untouched')
  const links = ['hub.json.new', 'sinks.json.new', 'store/format.json.new', 'store/tail-0000000000000001.frames.new']
  for (const link of links) symlinkSync(victim, path.join(hub.stateDirectory, link))
  hub.launch()
  const second = hub.command('up', '--no-attach', '--port', '0')
  const ready = hub.ready().then(
    () => 'first' as const,
    () => 'second' as const,
  )
  const serves = await Promise.race([ready, second.then(() => 'first' as const)])
  if (serves === 'first') assert.match((await second).stderr, /already running/)
  await until('the process', () => existsSync(path.join(hub.directory, 'lives')))
  assert.equal(readFileSync(path.join(hub.directory, 'lives'), 'utf8').trim().split('\n').length, 1)
  assert.equal(readFileSync(victim, 'utf8'), 'untouched')
  for (const link of links) assert.ok(!existsSync(path.join(hub.stateDirectory, link)), link)
  assert.ok(lstatSync(path.join(hub.stateDirectory, 'hub.json')).isFile())
})
