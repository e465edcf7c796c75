// What processes read as their standard input, with hubs that die, and what `logboom run` passes on of its own.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite, test } from 'node:test'
import { isAlive, prepareHub, until } from '../hub-process.ts'

const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')
/** Says so when its input ends, as `esbuild --watch` ends then. */
const watcher = `
  process.stdin.on('end', () => { console.log('ended'); process.exit(0) }).resume()
  console.log('watches', process.stdin.isTTY === true)
`
const reader = `
import select, sys
print('watches', select.select([0], [], [], 0)[0] == [], flush=True)
print('ended', sys.stdin.read())
`

suite('standard input', { concurrency: true }, () => {
  test('stays open while the process lives, whatever becomes of the hub; or is empty, or a file', async (t) => {
    const node = [process.execPath, '-e', watcher]
    const hub = prepareHub({
      processes: {
        node: { command: node },
        python: { command: ['python3', '-c', reader] },
        cat: { command: 'echo watches; cat; echo ended' },
        read: { command: 'echo watches; read line; echo ended' },
        shared: {
          command: [
            '/bin/sh',
            '-c',
            '(exec 0<&-; true); cat < /dev/null; exec "$0" -e "$1"',
            process.execPath,
            watcher,
          ],
        },
        empty: { command: 'cat; echo ended', stdin: 'empty' },
        file: { command: 'cat; echo ended', stdin: { file: 'input.txt' } },
        missing: { command: 'cat', stdin: { file: 'nothing.txt' } },
        clock: { command: 'cat; echo ended', every: '1s' },
      },
    })
    t.after(() => hub.close())
    writeFileSync(path.join(hub.directory, 'input.txt'), 'one\ntwo\n')
    await hub.start()
    const linesOf = async (source: string): Promise<string[]> =>
      (await hub.client.search({ query: `source:${source} kind:system`, order: 'oldest' })).records.map(
        ({ message }) => message,
      )
    const open = ['node', 'python', 'cat', 'read', 'shared']
    for (const name of open) await until(name, async () => (await linesOf(name)).length > 0)
    for (const name of ['empty', 'file', 'clock'])
      await until(name, async () => (await linesOf(name)).includes('ended'))
    assert.deepEqual(await linesOf('file'), ['one', 'two', 'ended'])
    const stateOf = async (name: string) => (await hub.client.sources()).find((each) => each.name === name)!
    assert.match((await stateOf('missing')).detail ?? '', /standard input cannot be read.*nothing\.txt/)
    const pids = await Promise.all(open.map(async (name) => (await stateOf(name)).pid!))
    await hub.kill()
    await hub.start()
    for (const [index, name] of open.entries()) {
      assert.ok(isAlive(pids[index]!), `${name} lives`)
      await until(`${name} is adopted`, async () => (await stateOf(name)).pid === pids[index])
      assert.match((await linesOf(name)).join(), /^watches( false| True)?$/, name)
    }
    const capture = path.join(hub.stateDirectory, 'capture')
    const left = readdirSync(capture, { recursive: true }).filter((name) => String(name).endsWith('stdin'))
    assert.deepEqual(left, [], 'nothing is left in the file system')
    writeFileSync(
      path.join(hub.directory, 'wrong.json'),
      JSON.stringify({ processes: { a: { command: 'x', stdin: 'closed' } } }),
    )
    const { code, stdout, stderr } = await hub.command('check', '--config', 'wrong.json')
    assert.notEqual(code, 0)
    assert.match(stdout + stderr, /stdin.*'?open'?.*'?empty'?/s)
  })

  test('`logboom run` passes its own on, all of it and its end', async (t) => {
    const hub = prepareHub({})
    t.after(() => hub.close())
    const run = (state: string, ...command: string[]): string[] => [
      bin,
      'run',
      '--port',
      '0',
      '--state',
      state,
      '--',
      ...command,
    ]
    const count = 100_000
    const piped = spawn(process.execPath, run('piped', 'sh', '-c', 'wc -lc; exit 3'), {
      cwd: hub.directory,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const shown = piped.stdout!.toArray()
    for (let from = 1; from <= count; from += 10_000)
      piped.stdin!.write(Array.from({ length: 10_000 }, (_, index) => `line ${from + index}\n`).join(''))
    piped.stdin!.end()
    const bytes = Array.from({ length: count }, (_, index) => `line ${index + 1}\n`.length).reduce((a, b) => a + b)
    assert.deepEqual(await once(piped, 'exit'), [3, null])
    assert.match((await shown).join(''), new RegExp(`${count}\\s+${bytes}`))

    writeFileSync(path.join(hub.directory, 'input.txt'), 'one\ntwo\nthree\n')
    const input = openSync(path.join(hub.directory, 'input.txt'), 'r')
    const words = run('file', 'sh', '-c', 'read line; echo "got $line"; [ "$line" != three ]')
    words.splice(2, 0, '--restart', 'on-failure')
    const filed = spawn(process.execPath, words, { cwd: hub.directory, stdio: [input, 'pipe', 'ignore'] })
    closeSync(input)
    assert.match((await filed.stdout!.toArray()).join(''), /got one/)
  })
})
