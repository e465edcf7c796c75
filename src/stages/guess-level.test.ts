// Which severity a bare line of text gets, as a table: mostly what people's programs really print.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchOf } from '../query/batch-harness.ts'
import { severityName } from '../contracts/record.ts'
import { guessLevel } from './guess-level.ts'
import { guessSeverity } from './guess-severity.ts'

function level(line: string): string {
  const bytes = Buffer.from(`before\n${line}\nERROR after`)
  const severity = guessSeverity(bytes, 7, 7 + Buffer.byteLength(line))
  return severity === undefined ? 'none' : severityName(severity)
}

const lines: Record<string, string[]> = {
  CRITICAL: [
    'FATAL: password authentication failed for user "app"',
    'panic: runtime error: index out of range [5] with length 3',
    '2025-10-19 05:55:47 UTC [123] FATAL:  the database system is starting up',
    'F1019 05:55:47.606000   12 main.go:5] cannot go on',
    'fatal: not a git repository',
    '[critical] out of memory',
  ],
  ERROR: [
    'ERROR: connection refused',
    '[error] cannot open file',
    'error connecting to 10.0.0.1',
    'Error: Cannot find module "x"',
    'TypeError: x is not a function',
    'java.lang.IllegalStateException: closed',
    'sqlalchemy.exc.OperationalError: (psycopg2) server closed',
    'KeyError',
    'Traceback (most recent call last):',
    'Unhandled rejection in worker',
    'Uncaught exception: nothing left',
    "thread 'main' panicked at src/main.rs:2:5:",
    '2025-10-19 05:55:47 ERROR in worker',
    '2025-10-19T05:55:47.606Z ERROR crate::net: refused',
    '2025/10/19 05:55:47 [error] 123#0: *5 open() failed',
    '05:55:47.606 [main] ERROR c.f.Bar - refused',
    'time=2025-10-19T05:55:47Z level=error msg="refused"',
    '\x1b[31merror\x1b[0m refused',
    '2025-10-19T05:55:47Z \x1b[31mERROR\x1b[0m app: refused',
    'npm ERR! code ELIFECYCLE',
    'npm error code ENOENT',
    'error[E0382]: borrow of moved value',
    'main.c:12:5: error: expected ;',
    'fail: Microsoft.Hosting[0]',
    'E1019 05:55:47.606000   12 main.go:5] refused',
    'E, [2025-10-19T05:55:47.606 #12] ERROR -- : refused',
    '[2025-10-19 05:55:47,606: ERROR/MainProcess] Task failed',
    'Oct 19 05:55:47 host app[12]: error: refused',
    '[E] refused',
    'level=error 0 retries left',
  ],
  WARNING: [
    'WARN deprecated option',
    'warning: unused variable',
    '(node:12) DeprecationWarning: Buffer() is deprecated',
    'file.py:3: UserWarning: old API',
    '2025-10-19 05:55:47 [WARNING] slow',
    'ts=1 level=warn msg=slow',
    'npm WARN deprecated abc@1.0.0',
    '[W] slow',
    '{"broken json", "level":"warn", "x',
  ],
  INFO: [
    'INFO: started',
    'info: Microsoft.Hosting.Lifetime[14]',
    'INFO:     Uvicorn running on http://127.0.0.1:8000',
    '2025-10-19T05:55:47Z  INFO crate: ready, ERROR counter reset',
    '2025-10-19 05:55:47 UTC [123] LOG:  database system is ready',
    'level=info msg="no error so far"',
  ],
  DEBUG: ['DEBUG cache miss', '[debug] cache miss', 'dbug: cache miss', 'level="debug" cache'],
  TRACE: ['TRACE enter', '[trace] enter', 'lvl=trace enter'],
  none: [
    'listening on port 3000',
    '0 errors, 0 warnings',
    'finished: 0 error',
    'no error',
    'No ERROR found',
    'errors: 0',
    'ERROR: 0',
    'error_count=0',
    'ERROR=0 WARN=0',
    'Error rate: 0.1 %',
    'error handler registered',
    'compiled without error',
    'errorless run',
    'GET /error HTTP/1.1',
    'GET /api/errors.json 200',
    'loading error-pages.css',
    'a fatality was reported by nobody',
    'fine weather today',
    'log rotated',
    'config loaded',
    'http server listening',
    'informed 3 clients',
    'std::error::Error is a trait',
    'the word error in the middle',
    'handled by ErrorBoundary',
    '',
    ' ',
    '\u0000\u0001\u0002',
    '中文日志没有级别',
    '📸 TIMELINE T+0.3s: ready',
  ],
}

for (const [expected, samples] of Object.entries(lines)) {
  for (const line of samples) {
    test(`${expected}: ${JSON.stringify(line)}`, () => assert.equal(level(line), expected))
  }
}

test('a colour sequence cut off by the end of the line is survived', () => {
  assert.equal(level('\x1b['), 'none')
  assert.equal(level('\x1b[31'), 'none')
})

test('of several lines the first that names a level counts', () => {
  const of = (message: string): number => {
    const batch = batchOf([{ severity: 0, message }])
    return guessLevel.open({}).apply(batch).severity[0]!
  }
  assert.equal(of("/app/index.js:3\nthrow new Error('no')\n^\n\nTypeError: no\n    at a"), 17)
  assert.equal(of('WARN slow\nError: x'), 13)
  assert.equal(of('one\ntwo\n'), 9)
})
