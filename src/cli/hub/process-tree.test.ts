import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProcessView } from '../../contracts/source-status.ts'
import { formatTree } from './process-tree.ts'

test('who started whom, who got away, and who is left of an earlier run', () => {
  const view = (pid: number, parent: number, command: string, more: Partial<ProcessView> = {}): ProcessView => {
    return { pid, parent, run: 2, command, startedAt: 0, cpu: 0, memoryBytes: 1_048_576, ...more }
  }
  const processes = [
    view(100, 5, 'npm run dev', { memoryBytes: 52_428_800 }),
    view(101, 100, 'sh -c\n  vite'),
    view(102, 101, 'node vite', { cpu: 0.126 }),
    view(103, 100, 'esbuild\u001b[2J --service'),
    view(99, 1, 'watchman --daemon', { escaped: true }),
    view(98, 99, 'watchman worker', { escaped: true, run: 1 }),
  ]
  assert.deepEqual(formatTree(processes, 2, { color: false }), [
    '  100  0.0 %  52.4 MB  npm run dev',
    '  101  0.0 %   1.0 MB  ├─ sh -c vite',
    '  102   13 %   1.0 MB  │  └─ node vite',
    '  103  0.0 %   1.0 MB  └─ esbuild --service',
    '   99  0.0 %   1.0 MB  (escaped) watchman --daemon',
    '   98  0.0 %   1.0 MB  └─ (escaped, of run 1) watchman worker',
  ])
  assert.equal(formatTree(processes, 2, { color: false, columns: 34 })[0], '  100  0.0 %  52.4 MB  npm run dev')
  assert.equal(formatTree(processes, 2, { color: false, columns: 33 })[0], '  100  0.0 %  52.4 MB  npm run d…')
})
