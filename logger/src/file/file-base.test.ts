import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeLogName } from '../../../src/sinks/log-names.ts'
import { fileBase } from './file-base.ts'

test('files of loggers are named as those of sources of that name', () => {
  for (const name of ['host', 'voice loop', '@shop/api', 'é📸', '../x'.replaceAll('.', ''), 'a_b-C9', '%'])
    assert.equal(fileBase(name), encodeLogName(name), name)
  assert.throws(() => fileBase('é'.repeat(34)), /too long for the name of a file/)
})
