import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathPrefix } from './path-prefix.ts'

test('a prefix is a plain path, and anything else is none', () => {
  const cases: [given: string | string[] | undefined, prefix: string][] = [
    [undefined, ''],
    ['', ''],
    ['/', ''],
    ['/logs', '/logs'],
    ['/logs/', '/logs'],
    ['/team-a/logs.v2', '/team-a/logs.v2'],
    ['logs', ''],
    ['//evil.example', ''],
    ['/\\\\evil.example', ''],
    ['https://evil.example/', ''],
    ['/a//b', ''],
    ['/..', ''],
    ['/a/../b', ''],
    ['/.', ''],
    ['/.well-known', '/.well-known'],
    ['/"><script>', ''],
    ["/a'b", ''],
    ['/a b', ''],
    ['/a;Domain=example.org', ''],
    ['/a?b', ''],
    ['/a%2fb', ''],
    ['/logs, /logs', ''],
    [`/${'x'.repeat(300)}`, ''],
    [['/a', '/b'], ''],
  ]
  for (const [given, prefix] of cases)
    assert.equal(pathPrefix({ 'x-forwarded-prefix': given }), prefix, JSON.stringify(given))
})
