// More files than there are handles for, as one scenario for the system test and for the torture: every line of each is read.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { prepareHub, until } from '../hub-process.ts'

export async function readManyFiles({ files, handles }: { files: number; handles: number }): Promise<void> {
  const hub = prepareHub({ files: { many: { paths: 'many/*.log', start: 'beginning' } }, sinks: { logFile: false } })
  const name = (number: number): string => path.join(hub.directory, `many/${number}.log`)
  try {
    mkdirSync(path.join(hub.directory, 'many'))
    for (let number = 0; number < files; number++) writeFileSync(name(number), `first ${number}\n`)
    hub.launch()
    execFileSync('prlimit', ['--pid', String(hub.pid), `--nofile=${handles}:${handles}`])
    await hub.ready()
    const count = async (query: string): Promise<number> => (await hub.client.summary({ query })).count
    await until('the first line of each', async () => (await count('source:many first')) >= files, 120_000)
    for (let number = 0; number < files; number += 7) appendFileSync(name(number), `second ${number}\n`)
    const expected = Math.ceil(files / 7)
    await until('the second lines', async () => (await count('source:many second')) >= expected, 60_000)
    assert.equal(await count('source:many'), files + expected)
  } finally {
    await hub.close()
  }
}
