// `npm run example two-processes`: a host and its worker, each with a console and a file of its own, and then both files as one.
import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const logs = process.env['EXAMPLE_LOGS'] ?? mkdtempSync(path.join(tmpdir(), 'two-processes-'))
const options = { stdio: 'inherit', env: { ...process.env, EXAMPLE_LOGS: logs } } as const
const host = spawnSync(process.execPath, [path.join(import.meta.dirname, 'host.ts')], options)
console.log(`\nhost.log and worker.log in ${logs} as one, by logboom merge --raw:\n`)
const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')
const merge = spawnSync(process.execPath, [bin, 'merge', logs, '--raw'], options)
process.exit(host.status || merge.status || 0)
