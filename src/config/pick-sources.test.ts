// What people type to mean several sources at once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pickSources } from './pick-sources.ts'

const sources = [
  { name: 'db', group: 'backend', isProcess: true },
  { name: 'web-api', group: 'backend', isProcess: true },
  { name: 'web-page', group: 'frontend', isProcess: true },
  { name: 'web-access', isProcess: false },
  { name: '@odd*', isProcess: true },
  { name: 'job-1', instanceOf: 'job', isProcess: true },
  { name: 'job-2', instanceOf: 'job', isProcess: true },
]
const pick = (...targets: string[]): string[] => pickSources(targets, sources).map(({ name }) => name)

test('names, patterns and groups, each source once and in its own order', () => {
  assert.deepEqual(pick('web-page', 'db'), ['db', 'web-page'])
  assert.deepEqual(pick('WEB-*', 'web-api'), ['web-api', 'web-page'])
  assert.deepEqual(pick('@backend', '*page'), ['db', 'web-api', 'web-page'])
  assert.deepEqual(pick('*'), ['db', 'web-api', 'web-page', '@odd*', 'job-1', 'job-2'])
  assert.deepEqual(pick('job'), ['job-1', 'job-2'])
  assert.deepEqual(pick('job-2'), ['job-2'])
})

test('what is no process is meant by its name alone, and a name that looks like something else is a name', () => {
  assert.deepEqual(pick('web-access'), ['web-access'])
  assert.deepEqual(pick('@odd*'), ['@odd*'])
})

test('what means nothing is told with what would have been right', () => {
  const wrong: [target: string, message: string][] = [
    ['web-apy', 'there is no source "web-apy"; did you mean "web-api"?'],
    ['@bakend', 'there is no group "bakend"; did you mean "backend"?'],
    ['@x', 'there is no group "x"; there are backend, frontend'],
    ['jobs', 'there is no source "jobs"; did you mean "job"?'],
    [
      'x*',
      'there is no process that matches "x*"; there are db, web-api, web-page, web-access, @odd*, job, job-1, job-2',
    ],
  ]
  for (const [target, message] of wrong)
    assert.throws(() => pick('db', target), { code: 'unknown-source', message }, target)
})
