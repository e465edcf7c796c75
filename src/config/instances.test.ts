// What the instances of a process are called and given.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findSource, instancesOf } from './instances.ts'

const web = (options: object) => ({
  type: 'process',
  name: 'web',
  options: { command: 'node web.js', instances: 2, env: { A: '1' }, ...options },
})

test('each has a name, a number and a port of its own, and a group in common', () => {
  const instances = instancesOf(web({ firstPort: 3000 }), 3)
  assert.deepEqual(
    instances.map(({ name, instanceOf }) => [name, instanceOf]),
    [
      ['web-1', 'web'],
      ['web-2', 'web'],
      ['web-3', 'web'],
    ],
  )
  assert.deepEqual(instances[2]!.options, {
    command: 'node web.js',
    env: { A: '1', PORT: '3002', LOGBOOM_INSTANCE: '3' },
    group: 'web',
  })
  const named = instancesOf(web({ group: 'front', title: 'Web' }), 1)[0]!.options as { group: string; title: string }
  assert.deepEqual([named.group, named.title], ['front', 'Web 1'])
})

test('who says that it is ready at the first port says it at its own, any other place is the same for all', () => {
  const readyOf = (ready: object) =>
    (instancesOf(web({ firstPort: 3000, ready }), 2)[1]!.options as { ready: object }).ready
  assert.deepEqual(readyOf({ port: 3000 }), { port: 3001 })
  assert.deepEqual(readyOf({ http: 'http://localhost:3000/health?x=3000' }), {
    http: 'http://localhost:3001/health?x=3000',
  })
  for (const same of [{ port: 9000 }, { http: 'http://localhost:9000/' }, { log: '3000' }])
    assert.deepEqual(readyOf(same), same)
})

test('an instance is found by its name, also one that the configuration no longer has', () => {
  const sources = [web({}), { type: 'process', name: 'job-1', options: { command: 'true' } }]
  assert.equal(findSource(sources, 'web-7')?.instanceOf, 'web')
  assert.equal(findSource(sources, 'job-1'), sources[1])
  for (const none of ['web-0', 'web-x', 'other-1', 'job-2']) assert.equal(findSource(sources, none), undefined, none)
})
