// In which order the lines of a log come that was rotated while its hub was behind, or shortly before anybody followed it.
import assert from 'node:assert/strict'
import { appendFileSync, copyFileSync, mkdirSync, renameSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite, test } from 'node:test'
import { prepareHub, until, type HubProcess, type HubProcessOptions } from '../hub-process.ts'

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `n=${from + index} and some words behind it`)
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

async function linesOf(hub: HubProcess, source: string): Promise<string[]> {
  const lines: string[] = []
  for await (const { message, kind } of hub.records(`source:${source} -kind:event`))
    lines.push(kind === 'gap' ? '[gap]' : message)
  return lines
}

/** A hub, stopped as a busy machine would, while `happens` is done. */
async function behind(hub: HubProcess, happens: () => void): Promise<void> {
  process.kill(hub.pid, 'SIGSTOP')
  happens()
  process.kill(hub.pid, 'SIGCONT')
}

suite('the order of lines that were rotated', { concurrency: true }, () => {
  test('copied and truncated while the hub was behind: the copy first, then what was written after it', async (t) => {
    const names = ['app', 'twice', 'killed', 'dated']
    const files = Object.fromEntries(names.map((name) => [name, { paths: `${name}/app.log`, start: 'beginning' }]))
    const hub = prepareHub({ files } as HubProcessOptions)
    t.after(() => hub.close())
    const at = (name: string): string => path.join(hub.directory, name)
    for (const name of names) {
      mkdirSync(at(name))
      writeFileSync(at(`${name}/app.log`), textOf(numbers(1, 100)))
    }
    await hub.start()
    for (const name of names) await until(name, async () => (await linesOf(hub, name)).length === 100)
    const rotate = (name: string, copy: string, lines: readonly string[]): void => {
      copyFileSync(at(`${name}/app.log`), at(`${name}/${copy}`))
      truncateSync(at(`${name}/app.log`))
      appendFileSync(at(`${name}/app.log`), textOf(lines))
    }
    await behind(hub, () => {
      for (const name of names) appendFileSync(at(`${name}/app.log`), textOf(numbers(101, 12_000)))
      rotate('app', 'app.log.1', numbers(12_001, 12_300))
      rotate('dated', 'app.log-20261128', numbers(12_001, 12_300))
      rotate('killed', 'app.log.1', numbers(12_001, 12_300))
      rotate('twice', 'app.log.1', numbers(12_001, 12_200))
      renameSync(at('twice/app.log.1'), at('twice/app.log.2'))
      rotate('twice', 'app.log.1', numbers(12_201, 12_300))
    })
    // In the middle of that, as a rule.
    await until('some of it', async () => (await linesOf(hub, 'killed')).length > 100)
    await hub.kill()
    await hub.start()
    for (const name of names) {
      const last = numbers(12_300, 12_300)[0]!
      await until(`the last of ${name}`, async () => (await linesOf(hub, name)).includes(last))
      const lines = await linesOf(hub, name)
      const gapAt = lines.indexOf('[gap]')
      assert.ok(gapAt >= 12_000, `${name}: a gap where lines were truncated, after line ${gapAt}`)
      assert.deepEqual(
        lines.filter((line) => line !== '[gap]'),
        numbers(1, 12_300),
        name,
      )
    }
  })

  test('rotated a moment before the first look: left alone, or read before the log, the oldest first', async (t) => {
    const hub = prepareHub({
      files: {
        end: 'end/app.log',
        whole: { paths: 'whole/app.log', start: 'beginning' },
        glob: { paths: 'glob/*', start: 'beginning' },
      },
    })
    t.after(() => hub.close())
    const at = (name: string): string => path.join(hub.directory, name)
    /** Something has another name, so that the directory is looked at. */
    const lookAgain = (name: string): void => {
      writeFileSync(at(`${name}/.other`), '')
      renameSync(at(`${name}/.other`), at(`${name}/.another`))
    }
    const rotated = ['app.log.3', 'app.log.2', 'app.log.1', 'app.log']
    for (const name of ['end', 'whole', 'glob']) {
      mkdirSync(at(name))
      for (const [index, file] of rotated.entries()) {
        writeFileSync(at(`${name}/${file}`), textOf(numbers(index * 10 + 1, index * 10 + 10)))
        const writtenAt = new Date(Date.now() - (3 - index) * 700)
        utimesSync(at(`${name}/${file}`), writtenAt, writtenAt)
      }
    }
    await hub.start()
    const expected = { end: [] as string[], whole: numbers(1, 40), glob: numbers(1, 40) }
    for (const life of [1, 2]) {
      for (const look of [1, 2]) {
        for (const [name, lines] of Object.entries(expected)) {
          const line = `life ${life} look ${look} of ${name}`
          await until(`${name} is read`, async () => (await linesOf(hub, name)).length >= lines.length)
          lookAgain(name)
          await until('it is followed', async () =>
            (await hub.client.sources()).some((each) => each.name === name && /reads \d/.test(each.detail ?? '')),
          )
          appendFileSync(at(`${name}/app.log`), `${line}\n`)
          lines.push(line)
          await until(line, async () => (await linesOf(hub, name)).includes(line))
        }
      }
      // Whoever goes on writing to what was rotated is read from there on.
      for (const [name, lines] of Object.entries(expected)) {
        const line = `late in life ${life} of ${name}`
        appendFileSync(at(`${name}/app.log.1`), `${line}\n`)
        lines.push(line)
        lookAgain(name)
        await until(line, async () => (await linesOf(hub, name)).includes(line))
      }
      await hub.kill()
      await hub.start()
    }
    for (const [name, lines] of Object.entries(expected)) assert.deepEqual(await linesOf(hub, name), lines, name)
  })
})
