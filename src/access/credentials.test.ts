import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../secrets/mask-text.ts'
import { hashOf, makeSecret, tokenPrefix } from './credentials.ts'

test('a token has 256 random bits, and is masked wherever it is printed', () => {
  const token = makeSecret(tokenPrefix)
  assert.equal(Buffer.from(token.slice(tokenPrefix.length), 'base64url').length, 32)
  assert.notEqual(makeSecret(tokenPrefix), token)
  assert.equal(hashOf(token), hashOf(token))
  for (const text of [`sent ${token}`, `Authorization: Bearer ${token}`, `{"token":"${token}"}`, `?x=${token}&y`])
    assert.ok(!maskText(text).includes(token.slice(tokenPrefix.length)), maskText(text))
})
