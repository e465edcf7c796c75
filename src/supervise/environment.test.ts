// What a process finds in its environment, and what a wrong file of variables says.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readProcessEnvironment } from './environment.ts'
import { openSupervisor } from './supervisor.ts'
import { atEnd, eventually, openTestContext, temporaryDirectory, testOptions } from './test-context.ts'

test('env beats files, a later file an earlier one, and files the environment of the hub', (t) => {
  const directory = temporaryDirectory(t)
  writeFileSync(
    join(directory, 'a.env'),
    '# first\nONE=a\nexport TWO="two\nlines" # rest\r\nPATH=/of/file\nPYTHONUNBUFFERED=\n',
  )
  writeFileSync(join(directory, 'b.env'), '\uFEFFONE=b\nTHREE=b\n')
  const options = { env: { THREE: 'own' }, envFile: ['a.env', join(directory, 'b.env')], unbuffered: true }
  const found = readProcessEnvironment(options, openTestContext(directory))
  const { ONE, TWO, THREE, PATH, PYTHONUNBUFFERED, HOME } = found
  assert.deepEqual([ONE, TWO, THREE, PATH, PYTHONUNBUFFERED], ['b', 'two\nlines', 'own', '/of/file', ''])
  assert.equal(HOME, process.env.HOME)
})

test('a wrong line is told by its number and not shown', (t) => {
  const directory = temporaryDirectory(t)
  const read = (text: string) => {
    writeFileSync(join(directory, '.env'), text)
    return () => readProcessEnvironment({ env: {}, envFile: ['.env'], unbuffered: true }, openTestContext(directory))
  }
  const code = 'env-file-invalid'
  const form = 'this line is not of the form NAME=value'
  assert.throws(read('A=1\n\nsecret word\n'), { code, message: `.env:3: ${form}` })
  assert.throws(read("A='x\ny\n' z\n=secret\n"), { code, message: `.env:4: ${form}` })
  assert.throws(read('A="secret\nB=2\n'), { code, message: '.env:1: the quote that begins here is never closed' })
})

test('a file is read at every start; one that is wrong keeps the process from it, and is not tried again', async (t) => {
  const context = openTestContext(temporaryDirectory(t))
  const file = join(context.baseDirectory, '.env')
  const options = testOptions({
    command: 'echo "$WORD"',
    envFile: ['.env'],
    restart: 'always',
    backoff: { initialMs: 60_000, maxMs: 60_000 },
  })
  const source = await openSupervisor('process', options, context)
  atEnd(t, () => source.close({ keep: false }))
  assert.equal(source.status().state, 'crashed')
  assert.match(source.status().detail ?? '', /^environment file cannot be read: ENOENT/)
  assert.match(context.lines[0]!.message, /^could not start: environment file/)
  for (const word of ['first', 'second']) {
    writeFileSync(file, `WORD=${word}\n`)
    await source.control!('restart')
    await eventually(word, () => context.lines.some(({ stream, message }) => stream === 'stdout' && message === word))
  }
})
