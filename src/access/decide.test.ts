import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usualKinds } from '../contracts/access.ts'
import { actions, type Action } from '../contracts/caller.ts'
import type { RunsBySource } from '../contracts/request.ts'
import { kinds } from '../contracts/record.ts'
import { batchOf } from '../query/batch-harness.ts'
import { compileQuery } from '../query/match/compile-query.ts'
import { parseWithin } from '../query/language/parse-within.ts'
import { mayMatch } from '../query/plan/dimensions.ts'
import { planQuery } from '../query/plan/plan-query.ts'
import { covers } from '../query/plan/covers.ts'
import { actionsOf, checkPattern, decide, type Standing } from './decide.ts'

const standing = (given: Partial<Standing>): Standing => ({
  name: 'mia',
  kind: 'user',
  actions: actionsOf('viewer'),
  sources: ['*'],
  kinds: [...usualKinds],
  ownJobs: false,
  ...given,
})

const runs: RunsBySource = new Map([
  ['nightly', new Set([4])],
  ['my "job"', new Set([1])],
])
const none: RunsBySource = new Map()

const standings: Record<string, [Standing, RunsBySource]> = {
  everything: [standing({ kinds: [...kinds] }), none],
  'no audit': [standing({}), none],
  'one source': [standing({ sources: ['web'] }), none],
  'a pattern': [standing({ sources: ['WEB*', 'a b'] }), none],
  nothing: [standing({ sources: [] }), none],
  'no kind': [standing({ kinds: [] }), none],
  'audit alone': [standing({ sources: ['api'], kinds: ['audit'] }), none],
  'own jobs': [standing({ sources: ['web'], ownJobs: true }), runs],
  'own jobs alone': [standing({ sources: [], ownJobs: true }), runs],
  'runs without the grant': [standing({ sources: [] }), runs],
  'a sender': [standing({ kind: 'token', actions: ['send'] }), none],
  'an admin': [standing({ sources: [], kinds: [], actions: actionsOf('admin') }), none],
}

test('the query of a caller finds exactly the records that it may read', () => {
  const sources = ['web', 'Web-1', 'api', 'a b', 'nightly', 'my "job"', 'logboom']
  for (const [name, [given, own]] of Object.entries(standings)) {
    const caller = decide(given, own)
    const matches = compileQuery(parseWithin('', caller.within))
    for (const source of sources)
      for (const kind of kinds)
        for (const run of [1, 4]) {
          const batch = batchOf([{ source, kind, run, message: 'x' }])
          const isOwn = own.get(source)?.has(run) ?? false
          const owner = isOwn ? 'mia' : 'somebody else'
          assert.equal(matches(batch, 0), caller.mayRead(source, kind, owner), `${name}: ${source} ${kind} ${run}`)
        }
  }
})

test('roles and scopes say what may be done, and to what', () => {
  const allowed = (given: Partial<Standing>, source?: string): Action[] => {
    const caller = decide(standing(given))
    return actions.filter((action) => caller.may(action, source))
  }
  assert.deepEqual(allowed({}), ['read'])
  assert.deepEqual(allowed({ actions: actionsOf('operator') }), ['read', 'send', 'control'])
  assert.deepEqual(allowed({ actions: actionsOf('operator'), sources: ['web'] }, 'web'), ['read', 'send', 'control'])
  assert.deepEqual(allowed({ actions: actionsOf('operator'), sources: ['web'] }, 'api'), [])
  assert.deepEqual(allowed({ actions: actionsOf('admin'), sources: [] }, 'api'), actions)
  assert.deepEqual(allowed({ kind: 'token', actions: ['send'], sources: ['agent-*'] }, 'agent-1'), ['send'])
  assert.deepEqual(allowed({ kind: 'token', actions: ['administer'], sources: ['web'] }, 'api'), [])
})

test('a pattern that the query language would read as something else is refused', () => {
  for (const good of ['web', 'web*', '*', 'a b', 'game_*-1', 'x"y', '/var/log', 'AND', '-x', 'x:y*']) checkPattern(good)
  for (const bad of ['', ' ', 'a b*', 'x) OR (source:*', '"*', '(*', '/a*/', 'x* OR y'])
    assert.throws(() => checkPattern(bad), { code: 'request-invalid' }, bad)
})

test("however many jobs are one's own, they are seen, later ones too, and what has none of them is passed over", () => {
  const numbers = new Set(Array.from({ length: 50_000 }, (_, index) => 2 * index))
  const { within } = decide(standing({ sources: [], ownJobs: true }), new Map([['nightly', numbers]]))
  const query = parseWithin('', within)
  const matches = compileQuery(query)
  const sees = (run: number): boolean => matches(batchOf([{ source: 'nightly', kind: 'system', run, message: 'x' }]), 0)
  assert.deepEqual([sees(2), sees(3), sees(99_998), sees(100_000)], [true, false, true, false])
  numbers.add(100_000)
  assert.ok(sees(100_000))
  const extent = (runFrom: number, runTo: number, source = 'nightly') => ({ sources: [source], runFrom, runTo })
  assert.ok(!mayMatch(planQuery(query), extent(1, 9, 'other')))
  assert.ok(!mayMatch(planQuery(query), extent(200_000, 200_001)))
  assert.ok(mayMatch(planQuery(query), extent(4, 4)))
  const system = { kinds: ['system' as const] }
  assert.ok(covers(query, { ...extent(4, 4), ...system }) && !covers(query, { ...extent(4, 5), ...system }))
})

test('the usual kinds are all but audit', () => {
  assert.deepEqual(
    kinds.filter((kind) => !usualKinds.includes(kind)),
    ['audit'],
  )
})
