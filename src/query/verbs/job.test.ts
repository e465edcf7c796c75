// `job:` becomes the run that it means, where it means one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseQuery } from '../language/parse-query.ts'
import { resolveJobs } from './job.ts'

const runs = new Map([
  ['a1', { source: 'build', run: 3 }],
  ['17', { source: 'my job', run: 1 }],
])

const cases: [written: string, resolved: string][] = [
  ['job:a1', '(source:build run:3)'],
  ['JOB=a1 error', '(source:build run:3) error'],
  ['error job:"a1" -job:17', 'error (source:build run:3) -(source:"my job" run:1)'],
  ['job!=a1', '-(source:build run:3)'],
  ['NOT (x OR job:a1)', 'NOT (x OR (source:build run:3))'],
  ['job:(a1 OR 17) x', '((source:build run:3) OR (source:"my job" run:1)) x'],
  ['job:(a1 OR other)', '((source:build run:3) OR job:other)'],
  // A field, as before.
  ['job:other', 'job:other'],
  ['job:', 'job:'],
  ['job:/a1/', 'job:/a1/'],
  ['job>a1', 'job>a1'],
  ['jobs:a1', 'jobs:a1'],
  // Text.
  ['"job:a1"', '"job:a1"'],
  ['job a1', 'job a1'],
]
for (const [written, resolved] of cases)
  test(`${written} is ${resolved}`, () => {
    assert.equal(
      resolveJobs(written, (id) => runs.get(id)),
      resolved,
    )
    parseQuery(resolved)
  })
