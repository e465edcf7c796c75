// What becomes of files beside plain growth, one trick after the other under one hub: every line that could be read is there
// once, and what could not is told.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import { readManyFiles } from './read-many-files.ts'

async function messages(hub: HubProcess, source: string): Promise<string[]> {
  const all: string[] = []
  for await (const { message, kind } of hub.records(`source:${source}`))
    all.push(kind === 'system' ? message : `[${kind}]`)
  return all
}

/** Waits for as many, and a moment for more than there should be. */
async function assertMessages(hub: HubProcess, source: string, expected: readonly string[]): Promise<void> {
  await until(
    `${expected.length} records of ${source}`,
    async () => (await messages(hub, source)).length >= expected.length,
  )
  assert.deepEqual(await messages(hub, source), expected)
}

test('what happens to files', async (t) => {
  const hub = prepareHub({
    files: {
      plain: 'logs/plain.log',
      old: { paths: 'logs/old.log', start: 'beginning' },
      current: 'logs/current',
      many: { paths: ['many/**/*.log'], exclude: ['**/not.log'] },
      wide: { paths: 'logs/wide.log', encoding: 'utf-16le' },
      key: 'logs/key.log',
      copied: 'copied/*.log',
      zipped: { paths: 'zipped/app.log', compressed: true, start: 'beginning' },
    },
  })
  const at = (name: string): string => path.join(hub.directory, name)
  try {
    mkdirSync(at('logs'))
    mkdirSync(at('copied'))
    const dayMs = 86_400_000
    // gzip keeps the time of the last change.
    const compress = (name: string, days: number): void => {
      utimesSync(at(name), new Date(Date.now() - days * dayMs), new Date(Date.now() - days * dayMs))
      execFileSync('gzip', [at(name)])
    }
    mkdirSync(at('zipped'))
    for (const [name, days] of [
      ['app.log.3', 3],
      ['app.log.2', 2],
    ] as const) {
      writeFileSync(at(`zipped/${name}`), `in ${name}\n`)
      compress(`zipped/${name}`, days)
    }
    writeFileSync(at('zipped/app.log.1'), 'in app.log.1\n')
    writeFileSync(at('zipped/app.log'), 'in app.log\n')
    for (const [name, days] of [
      ['quiet.log', 30],
      ['app.log.1', 7],
      ['app.log', 0],
    ] as const) {
      writeFileSync(at(`copied/${name}`), `from before, in ${name}\n`)
      utimesSync(at(`copied/${name}`), new Date(Date.now() - days * dayMs), new Date(Date.now() - days * dayMs))
    }
    for (const name of ['plain', 'old', 'current-1']) writeFileSync(at(`logs/${name}.log`), 'from before\n')
    writeFileSync(at('logs/wide.log'), Buffer.from('from before\n', 'utf16le'))
    symlinkSync('current-1.log', at('logs/current'))
    writeFileSync(at('secret'), 'nobody asked for this\n')
    symlinkSync('../secret', at('logs/key.log'))
    await hub.start()
    await until('all files found', async () => {
      const sources = await hub.client.sources()
      const reads = (name: string, what: string): boolean =>
        sources.find((each) => each.name === name)?.detail === `reads ${what}`
      return ['plain', 'old', 'wide', 'current'].every((name) => reads(name, '1 file')) && reads('copied', '2 files')
    })

    await t.test('a file is read from its end, or from its beginning where that is wanted', async () => {
      appendFileSync(at('logs/plain.log'), 'one\n')
      appendFileSync(at('logs/old.log'), 'one\n')
      await assertMessages(hub, 'plain', ['one'])
      await assertMessages(hub, 'old', ['from before', 'one'])
    })

    await t.test('removed while it is written: the rest is read, then what has its name', async () => {
      const fd = openSync(at('logs/plain.log'), 'a')
      unlinkSync(at('logs/plain.log'))
      writeSync(fd, 'into the removed one\n')
      await assertMessages(hub, 'plain', ['one', 'into the removed one'])
      closeSync(fd)
      writeFileSync(at('logs/plain.log'), 'a new one\n')
      await assertMessages(hub, 'plain', ['one', 'into the removed one', 'a new one'])
    })

    await t.test('truncated and grown again, also beyond what it was', async () => {
      truncateSync(at('logs/old.log'))
      appendFileSync(at('logs/old.log'), 'much more than there was before\nand still more\n')
      await assertMessages(hub, 'old', [
        'from before',
        'one',
        '[gap]',
        'much more than there was before',
        'and still more',
      ])
    })

    await t.test('a link that is pointed elsewhere', async () => {
      appendFileSync(at('logs/current-1.log'), 'of the first day\n')
      await assertMessages(hub, 'current', ['of the first day'])
      writeFileSync(at('logs/current-2.log'), 'of the second day\n')
      symlinkSync('current-2.log', at('logs/new'))
      renameSync(at('logs/new'), at('logs/current'))
      await assertMessages(hub, 'current', ['of the first day', 'of the second day'])
    })

    await t.test('directories and files that come later, each with its name', async () => {
      mkdirSync(at('many/deep/er'), { recursive: true })
      writeFileSync(at('many/deep/er/x.log'), 'deep\n')
      writeFileSync(at('many/not.log'), 'not this\n')
      await assertMessages(hub, 'many', ['deep'])
      const [record] = (await hub.client.search({ query: 'log.file.path:*er/x.log' })).records
      assert.equal(record?.message, 'deep')
    })

    await t.test('copied and truncated', async () => {
      appendFileSync(at('copied/app.log'), 'first\n')
      await assertMessages(hub, 'copied', ['first'])
      renameSync(at('copied/app.log.1'), at('copied/app.log.2'))
      copyFileSync(at('copied/app.log'), at('copied/app.log.1'))
      writeFileSync(at('copied/app.log'), 'second\n')
      await assertMessages(hub, 'copied', ['first', '[gap]', 'second'])
    })

    await t.test('compressed: the whole history, and what was read before it was compressed not again', async () => {
      const history = ['in app.log.3', 'in app.log.2', 'in app.log.1', 'in app.log']
      await assertMessages(hub, 'zipped', history)
      // So that the inode of what is compressed now may be the next file's.
      await until('app.log.1 is let go', async () => {
        const sources = await hub.client.sources()
        return sources.find(({ name }) => name === 'zipped')?.detail === 'reads 1 file'
      })
      renameSync(at('zipped/app.log.3.gz'), at('zipped/app.log.4.gz'))
      renameSync(at('zipped/app.log.2.gz'), at('zipped/app.log.3.gz'))
      writeFileSync(at('zipped/app.log.2.gz'), execFileSync('gzip', ['-c', at('zipped/app.log.1')]))
      rmSync(at('zipped/app.log.1'))
      renameSync(at('zipped/app.log'), at('zipped/app.log.1'))
      writeFileSync(at('zipped/app.log'), 'after it\n')
      const isText = (message: string): boolean => message !== '[gap]'
      await until('what is new', async () => (await messages(hub, 'zipped')).includes('after it'))
      assert.deepEqual((await messages(hub, 'zipped')).filter(isText), [...history, 'after it'])
    })

    await t.test('what is not read yet is told', async () => {
      const backlog = async (): Promise<number | undefined> =>
        (await hub.client.sources()).find(({ name }) => name === 'old')?.backlogBytes
      appendFileSync(at('logs/old.log'), 'half a line that is long'.padEnd(900_000, '.'))
      await until('what waits', async () => (await backlog()) === 900_000)
      appendFileSync(at('logs/old.log'), '\n')
      await until('all read', async () => (await backlog()) === 0)
    })

    await t.test('another encoding', async () => {
      appendFileSync(at('logs/wide.log'), Buffer.from('größe ✓\n', 'utf16le'))
      await assertMessages(hub, 'wide', ['größe ✓'])
    })

    await t.test('a link that leads out of what is named is told, not followed', async () => {
      await assertMessages(hub, 'key', ['[event]'])
      const [told] = (await hub.client.search({ query: 'source:key' })).records
      assert.match(told!.message, /key\.log is a link to .*secret, which is outside/)
    })

    await t.test(
      'while no hub is there: renamed twice, copied and truncated twice, and an inode that another file took',
      async () => {
        await hub.kill()
        appendFileSync(at('logs/old.log'), 'unread when it died\n')
        renameSync(at('logs/old.log'), at('logs/old.log.2'))
        writeFileSync(at('logs/old.log.1'), 'never seen under its name\n')
        writeFileSync(at('logs/old.log'), 'the newest\n')
        for (const [content, next] of [
          ['unread when it died\n', 'copied unseen\n'],
          ['and unseen when it was copied\n', 'the newest\n'],
        ] as const) {
          appendFileSync(at('copied/app.log'), content)
          renameSync(at('copied/app.log.2'), at('copied/app.log.3'))
          renameSync(at('copied/app.log.1'), at('copied/app.log.2'))
          copyFileSync(at('copied/app.log'), at('copied/app.log.1'))
          writeFileSync(at('copied/app.log'), next)
        }
        appendFileSync(at('zipped/app.log'), 'unread when it died\n')
        renameSync(at('zipped/app.log'), at('zipped/app.log.0'))
        compress('zipped/app.log.0', 0.0001)
        writeFileSync(at('zipped/app.log'), 'the newest\n')
        const { ino } = statSync(at('logs/plain.log'))
        rmSync(at('logs/plain.log'))
        writeFileSync(at('logs/plain.log'), 'another file, perhaps with the same inode\n')
        t.diagnostic(`the inode was ${statSync(at('logs/plain.log')).ino === ino ? '' : 'not '}given out again`)
        await hub.start()
        await until('the newest', async () => (await messages(hub, 'old')).includes('the newest'))
        assert.deepEqual((await messages(hub, 'old')).slice(6), [
          'unread when it died',
          'never seen under its name',
          'the newest',
        ])
        await assertMessages(hub, 'copied', [
          'first',
          '[gap]',
          'second',
          'unread when it died',
          'copied unseen',
          'and unseen when it was copied',
          '[gap]',
          'the newest',
        ])
        await until('the archive', async () => (await messages(hub, 'zipped')).includes('unread when it died'))
        const zipped = await messages(hub, 'zipped')
        // Its inode may be another file's by now.
        assert.deepEqual(zipped.filter((each) => each !== '[gap]').slice(4), [
          'after it',
          'unread when it died',
          'the newest',
        ])
        await until('the other', async () => (await messages(hub, 'plain')).at(-1)!.startsWith('another file'))
        const plain = (await messages(hub, 'plain')).slice(3)
        assert.deepEqual(
          plain.filter((each) => each !== '[gap]'),
          ['another file, perhaps with the same inode'],
        )
      },
    )
    const { code, stdout } = await hub.command('verify')
    assert.equal(code, 0, stdout)
  } finally {
    await hub.close()
  }
})

test('thousands of files with hundreds of handles', () => readManyFiles({ files: 3000, handles: 800 }))

test('a directory that is made late, again, or moved away, and one whose parent is: files in it are noticed at once', async (t) => {
  const hub = prepareHub({ files: { app: { paths: 'deep/logs/app.log', start: 'beginning' } } })
  t.after(() => hub.close())
  await hub.start()
  const [deep, logs] = [path.join(hub.directory, 'deep'), path.join(hub.directory, 'deep/logs')]
  const expected: string[] = []
  /** Long enough before each that the next look is not due for half a minute. */
  const quietMs = 2500
  async function fill(round: string): Promise<void> {
    mkdirSync(logs, { recursive: true })
    const lines = [1, 2, 3].map((line) => `${round} ${line}`)
    writeFileSync(path.join(logs, 'app.log'), lines.map((line) => `${line}\n`).join(''))
    expected.push(...lines)
    await until(round, async () => (await messages(hub, 'app')).includes(lines[2]!), 5000)
    await sleep(quietMs)
  }
  await fill('made late')
  rmSync(logs, { recursive: true })
  await fill('made again')
  renameSync(logs, `${logs}.1`)
  await fill('moved away')
  renameSync(deep, `${deep}.1`)
  await fill('parent moved away')
  rmSync(deep, { recursive: true })
  await sleep(quietMs)
  await fill('made again after a while')
  assert.deepEqual(await messages(hub, 'app'), expected)
})
