import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usualKinds } from '../contracts/access.ts'
import { actions, type Action } from '../contracts/caller.ts'
import { kinds } from '../contracts/record.ts'
import { batchOf } from '../query/batch-harness.ts'
import { parseQuery } from '../query/language/parse-query.ts'
import { compileQuery } from '../query/match/compile-query.ts'
import { actionsOf, checkPattern, decide, type OwnRun, type Standing } from './decide.ts'

const standing = (given: Partial<Standing>): Standing => ({
  name: 'mia',
  kind: 'user',
  actions: actionsOf('viewer'),
  sources: ['*'],
  kinds: [...usualKinds],
  ownJobs: false,
  ...given,
})

const runs: OwnRun[] = [
  { source: 'nightly', run: 4 },
  { source: 'my "job"', run: 1 },
]

const standings: Record<string, [Standing, OwnRun[]]> = {
  everything: [standing({ kinds: [...kinds] }), []],
  'no audit': [standing({}), []],
  'one source': [standing({ sources: ['web'] }), []],
  'a pattern': [standing({ sources: ['WEB*', 'a b'] }), []],
  nothing: [standing({ sources: [] }), []],
  'no kind': [standing({ kinds: [] }), []],
  'audit alone': [standing({ sources: ['api'], kinds: ['audit'] }), []],
  'own jobs': [standing({ sources: ['web'], ownJobs: true }), runs],
  'own jobs alone': [standing({ sources: [], ownJobs: true }), runs],
  'runs without the grant': [standing({ sources: [] }), runs],
  'a sender': [standing({ kind: 'token', actions: ['send'] }), []],
  'an admin': [standing({ sources: [], kinds: [], actions: actionsOf('admin') }), []],
}

test('the query of a caller finds exactly the records that it may read', () => {
  const sources = ['web', 'Web-1', 'api', 'a b', 'nightly', 'my "job"', 'logboom']
  for (const [name, [given, own]] of Object.entries(standings)) {
    const caller = decide(given, own)
    const matches = compileQuery(parseQuery(caller.within))
    for (const source of sources)
      for (const kind of kinds)
        for (const run of [1, 4]) {
          const batch = batchOf([{ source, kind, run, message: 'x' }])
          const isOwn = own.some((each) => each.source === source && each.run === run)
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

test('runs of jobs beyond what a query holds are the oldest', () => {
  const many = Array.from({ length: 5000 }, (_, index): OwnRun => ({ source: 'nightly', run: 5000 - index }))
  const { within } = decide(standing({ sources: [], ownJobs: true }), many)
  assert.doesNotThrow(() => parseQuery(within))
  assert.match(within, /run:5000\)/)
})

test('the usual kinds are all but audit', () => {
  assert.deepEqual(
    kinds.filter((kind) => !usualKinds.includes(kind)),
    ['audit'],
  )
})
