import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { syslogSource } from './syslog.ts'

const schema = syslogSource.options(z)

test('a port is enough, and what is not named is not opened', () => {
  const both = { udp: '127.0.0.1:5514', tcp: '127.0.0.1:5514', allow: [] }
  for (const written of [5514, '127.0.0.1:5514', {}]) assert.deepEqual(schema.parse(written), both)
  assert.deepEqual(schema.parse({ tcp: 601 }), { udp: undefined, tcp: '127.0.0.1:601', allow: [] })
  assert.deepEqual(schema.parse({ udp: '0.0.0.0:514', allow: '10.0.0.0/8' }), {
    udp: '0.0.0.0:514',
    tcp: undefined,
    allow: ['10.0.0.0/8'],
  })
})

test('nobody else is let in without being named', () => {
  const message = (written: unknown): string | undefined => schema.safeParse(written).error?.message
  assert.match(message({ tcp: '0.0.0.0:514' })!, /can be reached from other machines: name those that may send/)
  assert.match(message('[::]:514')!, /can be reached from other machines/)
  for (const wrong of [{ tcp: 'x' }, { tcp: 70_000 }, { allow: ['host'] }, { prot: 1 }, -1, true])
    assert.notEqual(message(wrong), undefined, JSON.stringify(wrong))
})
