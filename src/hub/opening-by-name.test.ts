import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceConfig } from '../config/config.ts'
import type { Source } from '../contracts/source.ts'
import { openJobsOf } from './jobs/job-sources.ts'
import { openingByName } from './opening-by-name.ts'

test('a source of jobs that cannot be opened is tried again with the next job, and opened once', async () => {
  const all: SourceConfig[] = []
  const byName = new Map<string, Source>()
  const jobs = {} as NonNullable<Source['jobs']>
  let attempts = 0
  const { openOnce } = openingByName(({ name }) => {
    const isOpen = ++attempts > 1
    if (isOpen) byName.set(name, { jobs } as Source)
    return Promise.resolve(isOpen)
  })
  const open = (name: string) => openJobsOf(name, { all, byName, openOnce, changed: () => undefined })
  await assert.rejects(open('nightly'), { code: 'store-unwritable' })
  assert.deepEqual(await Promise.all([open('Nightly'), open('nightly')]), Array(2).fill({ name: 'nightly', jobs }))
  assert.deepEqual([attempts, all.length], [2, 1])
})
