// What lies in the way of log files: it is told wherever people look, no file is named that will never be, and when it is
// gone the lines go on into the file.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { prepareHub, until } from '../hub-process.ts'

const talk = { command: ['sh', '-c', 'echo begin; while [ ! -e go ]; do sleep 0.05; done; echo end; exec sleep 1000'] }

/** By the name of the process whose file it is. */
const obstacles: Record<string, (file: string) => void> = {
  directory: (file) => mkdirSync(file),
  pipe: (file) => void execFileSync('mkfifo', [file]),
  nowhere: (file) => symlinkSync('/nowhere/at/all', file),
  device: (file) => symlinkSync('/dev/null', file),
}

test('a log file whose name is taken: in trouble, on the page, in ps and doctor, and healed', async (t) => {
  const names = Object.keys(obstacles)
  const hub = prepareHub({ processes: Object.fromEntries([...names, 'healthy'].map((name) => [name, talk])) })
  t.after(() => hub.close())
  const logs = path.join(hub.stateDirectory, 'logs')
  const file = (name: string): string => path.join(logs, `${name}.log`)
  mkdirSync(logs, { recursive: true })
  for (const [name, put] of Object.entries(obstacles)) put(file(name))
  const foreseen = await hub.command('doctor')
  assert.match(foreseen.stdout, /log files +.*directory\.log is no plain file/)
  await hub.start()
  await until('all are told of', async () => {
    const { trouble } = await hub.client.hub()
    return names.every((name) => trouble.some((text) => text.includes(file(name))))
  })
  for (const name of names)
    await until(`the console says that ${name} has none`, () =>
      new RegExp(`📁 Process ${name} is not kept in a file for now: Cannot write .*${name}\\.log`).test(hub.console()),
    )
  await until('that of the healthy one', () =>
    hub.console().includes(`📁 Process healthy logging to: ${file('healthy')}`),
  )
  assert.equal(hub.console().match(/logging to:/g)!.length, 1, hub.console())
  const views = await until('sources say so, too', async () => {
    const sources = await hub.client.sources()
    return sources.every(({ name, logObstacle }) => names.includes(name) === (logObstacle !== undefined)) && sources
  })
  for (const { name, logFile } of views) assert.equal(logFile, name === 'healthy' ? file(name) : undefined)
  const ps = (await hub.command('ps')).stdout
  for (const name of names) assert.match(ps, new RegExp(`^${name} .*no file, see below$`, 'm'))
  assert.match(ps, /⚠ Cannot write .*directory\.log/)
  assert.match((await hub.command('doctor')).stdout, /trouble +Cannot write .*directory\.log/)

  // Nothing is printed meanwhile: trouble ends when its cause does.
  for (const name of names) rmSync(file(name), { recursive: true })
  await until('all is well', async () => (await hub.client.hub()).trouble.length === 0)
  await until('sources have their files', async () =>
    (await hub.client.sources()).every(({ name, logFile }) => logFile === file(name)),
  )
  writeFileSync(path.join(hub.directory, 'go'), '')
  for (const name of names)
    await until(
      `the file of ${name} goes on`,
      () => existsSync(file(name)) && readFileSync(file(name), 'utf8').includes('] end\n'),
    )
})

test('directories that cannot be made: trouble from the start, no file is named, and all heals', async (t) => {
  const hub = prepareHub({
    processes: { talker: talk },
    sinks: { logFile: { directory: 'taken/logs' }, sessionFile: { directory: 'taken/sessions' } },
  })
  t.after(() => hub.close())
  const taken = path.join(hub.directory, 'taken')
  writeFileSync(taken, 'in the way')
  assert.match((await hub.command('doctor')).stdout, /taken\/logs cannot be made: .*taken is no directory/)
  await hub.start()
  const info = await hub.client.hub()
  assert.equal(info.trouble.filter((text) => /going on without log files/.test(text)).length, 2, info.trouble.join())
  assert.equal(info.sessionFile, undefined)
  await until('the console says that there is no file', () =>
    /📁 Process talker is not kept in a file/.test(hub.console()),
  )
  assert.doesNotMatch(hub.console(), /logging to:/)
  assert.match(hub.console(), /^ {2}Logs +Cannot write log files in .*taken\/logs/m)
  rmSync(taken)
  await until('all is well', async () => (await hub.client.hub()).trouble.length === 0)
  writeFileSync(path.join(hub.directory, 'go'), '')
  for (const file of ['logs/talker.log', `sessions/${info.session}.log`])
    await until(
      `${file} is there`,
      () => existsSync(path.join(taken, file)) && readFileSync(path.join(taken, file), 'utf8').includes(' end\n'),
    )
})
