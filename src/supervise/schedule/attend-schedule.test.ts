// What becomes of firings, with a clock that the test sets.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Entry } from '../../contracts/source-storage.ts'
import { attendSchedule, type ScheduleWatch } from './attend-schedule.ts'
import { scheduleOf, type ScheduleOptions } from './schedule.ts'
import { eventually } from '../test-context.ts'

const everyMs = 60_000
const start = Date.parse('2026-03-01T10:00:00Z')

interface Place {
  /** Of the next hub too. */
  kept: unknown
  now: number
  busy: boolean
  /** `start` and `replace` by the minute of the firing, and what is told. */
  done: string[]
}

const place = (): Place => ({ kept: undefined, now: start, busy: false, done: [] })

function open(where: Place, options: Partial<ScheduleOptions> = {}, lastFiring?: number): ScheduleWatch {
  const all: ScheduleOptions = { overlap: 'skip', catchUp: false, every: everyMs, ...options }
  const act = (what: string) => (firing: number) => {
    where.done.push(`${what} ${(firing - start) / everyMs}`)
    where.busy = true
    return Promise.resolve()
  }
  const memory = { keep: (value: unknown) => void (where.kept = value), kept: () => where.kept }
  return attendSchedule(
    scheduleOf(all)!,
    all,
    { now: () => where.now, memory, changed: () => {} },
    {
      isBusy: () => where.busy,
      start: act('start'),
      replace: act('replace'),
      tell: ({ message }: Entry) => where.done.push(message.replace(/,? (of|from) \d[-\d: ]*\d( on)?/, '')),
      lastFiring,
    },
  )
}

/** A hub that comes, sees what is due, and goes. */
async function visit(where: Place, minutes: number, options?: Partial<ScheduleOptions>, last?: number): Promise<void> {
  where.now = start + minutes * everyMs
  const watch = open(where, options, last)
  watch.begin()
  await sleep(0)
  watch.close()
}

test('the timer comes when the time has come, and no sooner', async () => {
  const where = place()
  where.now = start + everyMs - 30
  const watch = open(where)
  watch.begin()
  assert.equal(watch.nextAt(), start + everyMs)
  await sleep(60)
  assert.deepEqual(where.done, [])
  where.now = start + everyMs
  await eventually('the start', () => where.done.length)
  watch.end()
  assert.deepEqual([where.done, watch.nextAt()], [['start 1'], undefined])
})

test('the first hub owes nothing; the next tells what was missed, and fires what is on time', async () => {
  const where = place()
  await visit(where, 0.5)
  await visit(where, 3.75)
  assert.deepEqual(where.done.splice(0), ['missed 3 firings'])
  await visit(where, 3.9)
  assert.deepEqual(where.done.splice(0), [])
  await visit(where, 5.25)
  assert.deepEqual(where.done.splice(0), ['missed 1 firing', 'start 5'])
})

test('missed ones have one run together where that is asked', async () => {
  const where = place()
  await visit(where, 0, { catchUp: true })
  await visit(where, 3.75, { catchUp: true })
  assert.deepEqual(where.done, ['missed 3 firings; runs once for that', 'start 3'])
})

test('a firing that has a run is not fired again, though the hub died before it could note that', async () => {
  const where = place()
  await visit(where, 0)
  await visit(where, 1.25, {}, start + everyMs)
  assert.deepEqual(where.done, [])
})

test('what would have fired while it was stopped is not missed', async () => {
  const where = place()
  const watch = open(where)
  watch.begin()
  watch.end()
  await visit(where, 9.75)
  assert.deepEqual(where.done, [])
})

test('of a schedule that was another one nothing is missed', async () => {
  const where = place()
  await visit(where, 0)
  await visit(where, 9.75, { every: undefined, schedule: '* * * * *' })
  assert.deepEqual(where.done, [])
})

test('a clock that was far ahead does not end the schedule', async () => {
  const where = place()
  await visit(where, 1_000_000)
  await visit(where, 0.9)
  await visit(where, 1.1)
  assert.deepEqual(where.done, ['start 1'])
})

test('one that comes while a run goes on is skipped and counted, waits for its end, or ends it', async () => {
  const busy = (overlap: ScheduleOptions['overlap']): [Place, ScheduleWatch] => {
    const where = { ...place(), busy: true }
    // The real clock, and its full seconds.
    Object.defineProperty(where, 'now', { get: Date.now })
    const watch = open(where, { overlap, every: 1000 })
    watch.begin()
    return [where, watch]
  }
  const [skipping, skips] = busy('skip')
  const [killing, kills] = busy('kill')
  const [queueing, queues] = busy('queue')
  const kindsOf = ({ done }: Place): string[] => done.slice(0, 2).map((what) => what.replace(/:.*| [\d.]+$/, ''))
  await eventually('two each', () => skips.skipped() >= 2 && killing.done.length >= 2 && queues.skipped() >= 1)
  for (const watch of [skips, kills]) watch.end()
  assert.deepEqual(kindsOf(skipping), ['skipped the firing', 'skipped the firing'])
  assert.deepEqual(kindsOf(killing), ['replace', 'replace'])
  queueing.done.length = 0
  queues.runOver()
  assert.deepEqual(kindsOf(queueing), ['start'])
  queues.end()
})
