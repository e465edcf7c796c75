// What reports make of a job, in whatever order they come.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Job, JobReport } from '../../contracts/job.ts'
import { formatJobNews, nextJob } from './next-job.ts'

const pending: Job = { jobId: 'j', orchestratorId: 'o', source: 'build', run: 1, status: 'PENDING', startedAt: 10 }
const running: Job = { ...pending, status: 'RUNNING', startedAt: 20 }
const completed: Job = { ...running, status: 'COMPLETED', exitCode: 0, endedAt: 50 }

const cases: [name: string, job: Job, report: JobReport, next: Job | undefined][] = [
  ['a job that runs began when it is said to', pending, { status: 'RUNNING', at: 20 }, running],
  ['the same report again is nothing new', running, { status: 'RUNNING', at: 30 }, undefined],
  ['words are news', running, { status: 'RUNNING', at: 30, message: 'pulls' }, { ...running, message: 'pulls' }],
  ['an end has a time and a code', running, { status: 'COMPLETED', at: 50, exitCode: 0 }, completed],
  ['the same end again is nothing new', completed, { status: 'COMPLETED', at: 60, exitCode: 0 }, undefined],
  ['an end again without its code is nothing new', completed, { status: 'COMPLETED', at: 60 }, undefined],
  ['a report that the end has overtaken changes nothing', completed, { status: 'RUNNING', at: 30 }, undefined],
  [
    'another end is believed',
    completed,
    { status: 'FAILED', at: 70, exitCode: 2, error: 'lost' },
    { ...completed, status: 'FAILED', exitCode: 2, error: 'lost', endedAt: 70 },
  ],
  [
    'nobody ends before the beginning',
    running,
    { status: 'FAILED', at: 5 },
    { ...running, status: 'FAILED', endedAt: 20 },
  ],
]
for (const [name, job, report, next] of cases) test(name, () => assert.deepEqual(nextJob(job, report), next))

test('news is a sentence', () => {
  assert.equal(formatJobNews(completed), 'job j completed, exit code 0')
  assert.equal(formatJobNews({ ...running, status: 'FAILED', error: 'no image' }), 'job j failed: no image')
})
