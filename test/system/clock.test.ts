// A clock that jumps deletes nothing: the hub holds it against the machine's own count of time, over its lives, and says so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../hub-process.ts'
import { dayMs, hourMs, prepareClockHub, requireClocks } from './clock-hub.ts'

test(
  'a clock that jumps 40 days removes nothing for a day of real time, whatever hub runs, and says so',
  requireClocks(),
  async (t) => {
    const hub = prepareClockHub({ retention: { age: '30d' } })
    t.after(() => hub.close())
    const trouble = async (): Promise<string> => (await hub.client.hub()).trouble.join()
    await hub.start()
    await hub.ingest(50)

    hub.setClock(40 * dayMs)
    await hub.ingest(5)
    assert.equal(await hub.kept(), 55)
    await until('the trouble', async () => /clock went 40 days ahead.*store retain/.test(await trouble()))
    assert.match((await hub.command('ps')).stdout, /clock went 40 days ahead/)
    assert.match((await hub.command('store', 'info')).stdout, /clock went 40 days ahead.*\(2[34]h.*left\)|\(1d left\)/)
    const { records } = await hub.client.search({ query: 'source:logboom level:warning clock retention' })
    assert.equal(records.length, 1)

    await hub.kill()
    await hub.start()
    await hub.ingest(5)
    assert.equal(await hub.kept(), 60)
    await until('the trouble', async () => /clock/.test(await trouble()))
    assert.equal(await hub.end('SIGINT'), 130)
    assert.match((await hub.command('store', 'info')).stdout, /clock went 40 days ahead/)

    // A day later the clock has had its time to be put right.
    hub.setClock(41 * dayMs + hourMs)
    hub.setUptime(dayMs + hourMs)
    await hub.start()
    await hub.ingest(5)
    assert.equal(await hub.kept(), 15)
    assert.equal(await trouble(), '')

    hub.setClock(0)
    await until('the trouble', async () => /clock was set back by 41 days/.test(await trouble()))
    hub.setClock(90 * dayMs)
    await hub.ingest(5)
    assert.equal(await hub.kept(), 20)
    // Who asks for it has looked at the clock.
    assert.match((await hub.command('store', 'retain')).stdout, /clocked +15 [^]*Removed \d+ records/)
    assert.equal(await hub.kept(), 5)
    await until('no more trouble', async () => (await trouble()) === '')
  },
)
