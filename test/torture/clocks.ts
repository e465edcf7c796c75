// Clocks that jump, machines that sleep, are off, and start again, between the lives of a hub: what is kept after each.
import assert from 'node:assert/strict'
import { dayMs, hourMs, prepareClockHub, requireClocks, type ClockHub } from '../system/clock-hub.ts'

interface Scenario {
  what: string
  /** Between the two lives, or in the second. */
  happens(hub: ClockHub): void
  isRemoved: boolean
}

const scenarios: Scenario[] = [
  { what: 'nothing', happens() {}, isRemoved: false },
  { what: 'the clock jumps', happens: (hub) => hub.setClock(40 * dayMs), isRemoved: false },
  { what: 'the clock is set back', happens: (hub) => hub.setClock(-40 * dayMs), isRemoved: false },
  {
    what: 'no hub runs for 40 days',
    happens(hub) {
      hub.setClock(40 * dayMs)
      hub.setUptime(40 * dayMs)
    },
    isRemoved: true,
  },
  {
    what: 'the machine is off for 40 days',
    happens(hub) {
      hub.setClock(40 * dayMs)
      hub.setUptime(0, true)
    },
    isRemoved: false,
  },
  {
    what: 'the machine is started anew, and for 40 days without a hub',
    happens(hub) {
      hub.setClock(40 * dayMs)
      hub.setUptime(40 * dayMs, true)
    },
    isRemoved: true,
  },
  {
    what: 'the clock says half of what has passed',
    happens(hub) {
      hub.setClock(40 * dayMs)
      hub.setUptime(80 * dayMs)
    },
    isRemoved: false,
  },
]

/** Each with a hub that ended and one that was killed, in turn. */
export async function setClocks(round: number): Promise<string> {
  const { skip } = requireClocks()
  if (skip) return skip
  const { what, happens, isRemoved } = scenarios[round % scenarios.length]!
  const hub = prepareClockHub({ retention: { age: '30d' } })
  try {
    await hub.start()
    await hub.ingest(20)
    if (round % 2 === 0) await hub.kill()
    else await hub.end('SIGINT')
    happens(hub)
    await hub.start()
    await hub.ingest(5)
    // The day is over, so that its records are sealed, and too old if the clock is believed.
    assert.equal(await hub.kept(), isRemoved ? 5 : 25, what)
    hub.setClock(90 * dayMs + hourMs)
    await hub.ingest(5)
    assert.equal(await hub.kept(), isRemoved ? 10 : 30, `${what}, and the clock jumps`)
    await hub.client.retain()
    assert.equal(await hub.kept(), 5, `${what}, and somebody asks for it`)
  } finally {
    await hub.close()
  }
  return what
}
