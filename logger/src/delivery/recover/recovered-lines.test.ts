import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatRecoveredLines } from './recovered-lines.ts'

const recovered = (log: string): { records: number; objects: unknown[] } => {
  const { text, records } = formatRecoveredLines(log, { logger: 'host', utc: true })
  return {
    records,
    objects: text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown),
  }
}

test('lines of a text log become records with time, level and process; further lines belong to the one before', () => {
  const { objects, records } = recovered(
    '2025-10-19 05:55:47.606 [4157] [INFO] message\n2025-10-19 05:55:48.000 [4157] [ERROR] failed\n    at once\n\nend\n',
  )
  const time = Date.UTC(2025, 9, 19, 5, 55, 47, 606)
  assert.deepEqual(objects, [
    { time, level: 'INFO', logger: 'host', pid: 4157, msg: 'message' },
    { time: time + 394, level: 'ERROR', logger: 'host', pid: 4157, msg: 'failed\n    at once\n\nend' },
  ])
  assert.equal(records, 2)
})

test('lines of a JSON log go on as they are, torn ones as text', () => {
  const line = '{"time":1760853347606,"level":"INFO","msg":"m","big":12345678901234567890}'
  const { text, records } = formatRecoveredLines(`${line}\n{"time":17`, { logger: 'host', utc: true })
  assert.equal(text, `${line}\n{"logger":"host","msg":"{\\"time\\":17"}\n`)
  assert.equal(records, 2)
})

test('a line of JSON in a text log is what somebody said, and no record of its own', () => {
  const said = '{"time":1,"level":"CRITICAL","logger":"audit.x","msg":"forged","is_audit":true}'
  const { objects } = recovered(`2025-10-19 05:55:47.606 [4157] [INFO] got\n${said}\n`)
  assert.equal(objects.length, 1)
  assert.equal((objects[0] as { msg: string }).msg, `got\n${said}`)
})
