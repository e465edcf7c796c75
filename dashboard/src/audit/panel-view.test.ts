import assert from 'node:assert/strict'
import { test } from 'node:test'
import { composeQuery } from '../logs/view.ts'
import { formatPanel, moduleScope, parsePanel } from './panel-view.ts'

const modules: [module: string, scope: string][] = [
  ['', 'kind:audit'],
  ['  ', 'kind:audit'],
  ['shop', 'kind:audit (logger:"shop" OR logger:shop.* OR source:"shop")'],
  ['shop.*', 'kind:audit (logger:shop.* OR source:shop.*)'],
  ['a b) OR (x', 'kind:audit (logger:"a b) OR (x" OR logger:a*b*OR*x.* OR source:"a b) OR (x")'],
  ['>x "*', 'kind:audit (logger:*x** OR source:*x**)'],
]
for (const [module, scope] of modules)
  test(`lines of the module ${JSON.stringify(module)}`, () => assert.equal(moduleScope('audit', module), scope))

test('each panel has its part of the address, and leaves the other its own', () => {
  const search = { 'system.q': 'a OR b', 'system.level': 'warning', 'audit.module': 'audit.*', 'audit.paused': '1' }
  const system = parsePanel(search, 'system')
  const audit = parsePanel(search, 'audit')
  assert.equal(composeQuery(system), '(a OR b) -kind:audit (level:warning OR level:error OR level:critical)')
  assert.deepEqual([audit.q, audit.level, audit.module, audit.paused], ['', undefined, 'audit.*', true])
  assert.deepEqual(formatPanel(search, 'system', system), search)
  assert.deepEqual(formatPanel(search, 'audit', { ...audit, module: '', paused: false, wrap: true }), {
    'system.q': 'a OR b',
    'system.level': 'warning',
    wrap: '1',
  })
  assert.deepEqual(parsePanel({ 'audit.level': 'loud' }, 'audit').levels, [])
})
