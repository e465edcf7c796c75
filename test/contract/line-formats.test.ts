// The file and console lines of D2, as one table of cases (times in UTC) that everything which writes such lines is held to.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { formatHubLine } from '../../src/cli/logs/console-line.ts'
import { logFile } from '../../src/sinks/log-file.ts'
import { batchOf, sinkContext } from '../../src/sinks/sink-test-batch.ts'
import { formatConsoleLine } from '../../src/wire/text-line.ts'
import { lineCases as cases } from './line-cases.ts'

for (const { name, record, console, colored } of cases) {
  test(`on a console: ${name}`, () => {
    assert.equal(formatConsoleLine(record, record.pid, { utc: true }), console)
  })
  // The hub's own lines are of kind system and have no fields.
  if (record.kind !== 'system' || record.fields) continue
  test(`the hub on its console: ${name}`, () => {
    assert.equal(formatHubLine(record, { color: false, utc: true }), console)
    assert.equal(formatHubLine(record, { color: true, utc: true }), colored)
  })
}

test('a log file has the lines of all cases', (t) => {
  const state = mkdtempSync(path.join(tmpdir(), 'logboom-lines-'))
  t.after(() => rmSync(state, { recursive: true, force: true }))
  const sink = logFile.open(logFile.options(z).parse({ utc: true }), sinkContext(state))
  t.after(() => sink.close())
  const rows = cases.map(({ record: { time, severity, kind, message, fields } }, index) => ({
    id: index + 1,
    time,
    severity,
    kind,
    message,
    ...(fields ? { extras: { fields } } : {}),
  }))
  sink.write([batchOf({ pid: cases[0]!.record.pid }, rows)])
  assert.equal(readFileSync(path.join(state, 'logs/api.log'), 'utf8'), cases.map(({ file }) => `${file}\n`).join(''))
})
