import assert from 'node:assert/strict'
import { test } from 'node:test'
import { composeQuery, formatView, levelsFrom, parseView, positionInText, searchTerms, type LogView } from './view.ts'

const plain: LogView = { q: '', levels: [], sources: [], wrap: false, paused: false }

test('a view survives the address bar', () => {
  const view: LogView = {
    q: 'level:error "a, b"',
    levels: ['ERROR', 'CRITICAL'],
    sources: ['api', 'a,b%2C'],
    stream: 'stderr',
    since: '15m',
    wrap: true,
    paused: true,
    at: 42,
  }
  assert.deepEqual(parseView(formatView(view)), view)
  assert.deepEqual(formatView(plain), {})
  assert.deepEqual(parseView({}), plain)
})

test('nonsense in the address is ignored', () => {
  assert.deepEqual(parseView({ levels: 'LOUD,INFO', stream: 'x', since: 'a) OR (b', at: '-3' }), {
    ...plain,
    levels: ['INFO'],
  })
})

test('one query out of text and filters', () => {
  assert.equal(composeQuery(plain), '')
  assert.equal(composeQuery({ ...plain, q: ' a OR b ' }), 'a OR b')
  assert.equal(
    composeQuery({ ...plain, q: 'a OR b', levels: ['ERROR', 'CRITICAL'], sources: ['x "y"'], since: '15m' }),
    '(a OR b) (level:error OR level:critical) source:"x \\"y\\"" since:15m',
  )
})

test('what a page is about stands beside the filters, and in no address', () => {
  const view: LogView = { ...plain, scope: 'kind:audit', levels: levelsFrom('ERROR') }
  assert.equal(composeQuery(view), 'kind:audit (level:error OR level:critical)')
  assert.equal(composeQuery({ ...view, q: 'a OR b' }), '(a OR b) kind:audit (level:error OR level:critical)')
  assert.deepEqual(formatView(view), { levels: 'ERROR,CRITICAL' })
  assert.deepEqual(levelsFrom(undefined), [])
  assert.deepEqual(positionInText({ ...plain, scope: 'run:1', q: 'level:x' }, { from: 7, to: 8 }), { from: 6, to: 7 })
})

test('positions of errors point into what was typed', () => {
  assert.deepEqual(positionInText({ ...plain, q: 'level:loud' }, { from: 6, to: 10 }), { from: 6, to: 10 })
  assert.deepEqual(positionInText({ ...plain, q: 'level:loud', stream: 'log' }, { from: 7, to: 11 }), {
    from: 6,
    to: 10,
  })
  assert.deepEqual(positionInText({ ...plain, q: '(a' }, { from: 2, to: 2 }), { from: 1, to: 2 })
})

test('terms to mark', () => {
  assert.deepEqual(
    searchTerms('refused "connection lost" -health level:error AND NOT x user.id:42 time* message:foo'),
    ['refused', 'connection lost', 'time', 'foo'],
  )
})
