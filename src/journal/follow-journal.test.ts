import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../test/hub-process.ts'

test('a machine without journalctl is told so, once, and tried again', async () => {
  const path = process.env['PATH']
  process.env['PATH'] = '/nowhere'
  const { followJournal } = await import('./follow-journal.ts')
  const told: string[] = []
  const journal = followJournal(
    { units: [], matches: [], start: 'end', fields: [] },
    {
      push: () => assert.fail('there is nothing'),
      savedCursor: () => Promise.resolve(undefined),
      tell: (_severity, message) => told.push(message),
      changed: () => undefined,
    },
  )
  await until('it to be told', () => told.length > 0)
  assert.equal(journal.isReading(), false)
  assert.equal(journal.detail(), 'cannot read the journal: journalctl is not on this machine; it comes with systemd')
  await journal.close()
  assert.equal(told.length, 1)
  process.env['PATH'] = path
})
