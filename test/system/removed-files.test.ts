// Files that go while no hub runs: what may have been written to them is told as missing, and of none whose end was seen.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, renameSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareHub, until } from '../hub-process.ts'

// They wait most of the time.
suite('what goes while no hub runs', { concurrency: true }, () => {
  test('what is removed while no hub runs is told once; what was let go, or comes back compressed, is not', async (t) => {
    const hub = prepareHub({
      files: {
        app: { paths: 'logs/*.log', start: 'beginning' },
        zipped: { paths: 'zipped/app.log', start: 'beginning', compressed: true },
      },
    })
    t.after(() => hub.close())
    const at = (name: string): string => path.join(hub.directory, name)
    const stored = async (query: string): Promise<string[]> => {
      const { records } = await hub.client.search({ query, order: 'oldest' })
      return records.map(({ message, fields, kind }) =>
        kind === 'gap' ? [fields!['log.file.path'], fields!['cause'], fields!['from']].join(' ') : message,
      )
    }
    for (const directory of ['logs', 'zipped']) mkdirSync(at(directory))
    for (const name of ['gone', 'rotated', 'stays', 'leaves']) writeFileSync(at(`logs/${name}.log`), `in ${name}\n`)
    writeFileSync(at('zipped/app.log'), 'first\n')
    await hub.start()
    await until('the lines', async () => (await stored('source:app kind:system')).length === 4)
    await until('the first line', async () => (await stored('source:zipped kind:system')).length === 1)
    // Nobody writes to it any more, and it is let go.
    renameSync(at('logs/rotated.log'), at('logs/rotated.log.1'))
    writeFileSync(at('logs/rotated.log'), 'in the next\n')
    await until('the next one', async () => (await stored('"in the next"')).length === 1)
    const detail = async (): Promise<string> =>
      (await hub.client.sources()).find(({ name }) => name === 'app')!.detail ?? ''
    await until('it is let go', async () => (await detail()) === 'reads 4 files')
    await sleep(2000)
    await hub.kill()

    appendFileSync(at('logs/gone.log'), 'nobody reads this\n')
    unlinkSync(at('logs/gone.log'))
    unlinkSync(at('logs/rotated.log.1'))
    renameSync(at('logs/leaves.log'), at('left.txt'))
    appendFileSync(at('zipped/app.log'), 'second\n')
    renameSync(at('zipped/app.log'), at('zipped/app.log.1'))
    utimesSync(at('zipped/app.log.1'), new Date(Date.now() - 60_000), new Date(Date.now() - 60_000))
    // Before the old one's inode is free.
    writeFileSync(at('zipped/app.log'), 'third\n')
    execFileSync('gzip', [at('zipped/app.log.1')])
    await hub.start()
    await until('the archive', async () => (await stored('source:zipped kind:system')).length === 3)
    await hub.kill()
    await hub.start()
    await until('both gaps', async () => (await stored('kind:gap')).length >= 2)
    await hub.kill()
    await hub.start()
    await sleep(3000)
    const gaps = [`${at('logs/gone.log')} removed 8`, `${at('logs/leaves.log')} removed 10`]
    assert.deepEqual((await stored('kind:gap')).toSorted(), gaps)
    assert.deepEqual(await stored('source:zipped kind:system'), ['first', 'second', 'third'])
  })

  test('what is renamed long before the next file is made, with hubs that come and go, is read once', async (t) => {
    const hub = prepareHub({ files: { lazy: { paths: 'logs/app.log', start: 'beginning' } } })
    t.after(() => hub.close())
    const at = (name: string): string => path.join(hub.directory, 'logs', name)
    mkdirSync(path.join(hub.directory, 'logs'))
    writeFileSync(at('app.log'), 'first\n')
    await hub.start()
    const stored = async (): Promise<string[]> =>
      (await hub.client.search({ query: 'source:lazy -kind:event', order: 'oldest' })).records.map(
        ({ message }) => message,
      )
    await until('the first line', async () => (await stored()).length === 1)
    await hub.kill()
    appendFileSync(at('app.log'), 'second\n')
    renameSync(at('app.log'), at('app.log.1'))
    await hub.start()
    // Looked for twice, and not found.
    await sleep(4000)
    await hub.kill()
    await hub.start()
    await sleep(4000)
    writeFileSync(at('app.log'), 'third\n')
    await until('all lines', async () => (await stored()).length >= 3)
    await sleep(1000)
    assert.deepEqual(await stored(), ['first', 'second', 'third'])
  })
})
