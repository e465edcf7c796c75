import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkCommand, commandVector, formatCommand } from './command.ts'

test('a simple command replaces its shell, a script keeps it, an array needs none', () => {
  assert.deepEqual(commandVector('node server.js --port 1'), ['/bin/sh', '-c', 'exec node server.js --port 1'])
  assert.deepEqual(commandVector('./run "a b" > out'), ['/bin/sh', '-c', 'exec ./run "a b" > out'])
  for (const script of [
    'a && b',
    'cd x',
    'PORT=1 node x',
    'while true',
    'a; b',
    'exit 3',
    'a &',
    '$SHELL x',
    '{ a',
    '"a b" c',
  ])
    assert.equal(commandVector(script)[2], script)
  assert.deepEqual(commandVector(['a b', '$c']), ['a b', '$c'])
})

test('a command is shown as one could type it', () => {
  assert.equal(formatCommand(['node', '-e', `it's $x`, '']), `node -e 'it'\\''s $x' ''`)
})

test('what is not there is named', () => {
  const check = (command: string | string[], directory = '/') => checkCommand(command, directory, '/usr/bin:/bin')
  check('sh -c x')
  check(['sh'])
  check('no-such-command && x')
  assert.throws(() => check('no-such-command x'), {
    code: 'command-not-found',
    message: 'command not found: no-such-command',
  })
  assert.throws(() => check(['./sh']), { code: 'command-not-found' })
  assert.throws(() => check(['etc']), { code: 'command-not-found' })
  assert.throws(() => check('sh', '/no/such/place'), { message: 'working directory not found: /no/such/place' })
})
