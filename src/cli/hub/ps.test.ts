import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HubInfo, SourceView } from '../../wire/hub-view.ts'
import { formatStatus } from './ps.ts'

test('the table says how each source is and why', () => {
  const hub = { url: 'http://127.0.0.1:1', pid: 5, startedAt: 0, trouble: ['disk full'] } as unknown as HubInfo
  const base = { type: 'process', run: 1, title: '', restarts: 0 }
  const sources: SourceView[] = [
    {
      ...base,
      name: 'api',
      state: 'running',
      pid: 9,
      startedAt: 60_000,
      cpu: 0.5,
      memoryBytes: 3_145_728,
      logFile: '/l/api.log',
    },
    {
      ...base,
      name: 'job',
      state: 'crashed',
      exit: { code: 3, signal: null, at: 0, known: true },
      detail: 'no \u001b[2Jkey',
    },
    {
      ...base,
      name: 'web',
      state: 'restarting',
      exit: { code: 7, signal: null, at: 110_000, known: true },
      detail: 'exited with code 7',
      restartAt: 142_000,
    },
  ]
  assert.deepEqual(formatStatus(hub, sources, { color: false, now: 120_000 }).split('\n'), [
    'Dashboard  http://127.0.0.1:1   hub 5, up 2m',
    '',
    'NAME  STATE        PID  UPTIME  RESTARTS  CPU   MEMORY  LOG',
    'api   running      9    1m      0         50 %  3.1 MB  /l/api.log',
    'job   crashed (3)  -    -       0         -     -       -',
    '  no key',
    'web   restarting   -    -       0         -     -       -',
    '  exited with code 7; starts again in 22s',
    '⚠ disk full',
    '',
  ])
  const later = formatStatus(hub, sources.slice(2), { color: false, now: 135_001 })
  assert.match(later, /exited with code 7; starts again in 7s\n/)
})
