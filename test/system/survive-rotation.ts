// A file that is written and rotated at a high rate while its hub is killed, as one scenario for the system test and for the
// torture: in the end the store has every line once, and where not, as many gaps as say so.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareHub, until } from '../hub-process.ts'
import { numberOracle } from './number-oracle.ts'
import { rotateNumbers, type RotateOptions } from './rotate-numbers.ts'

export interface RotationPlan extends Omit<RotateOptions, 'file'> {
  /** The hub is killed so long after each start. */
  lifeMs: readonly number[]
}

export interface RotationOutcome {
  rotations: number
  kills: number
  gaps: number
}

export async function surviveRotation({ lifeMs, ...options }: RotationPlan): Promise<RotationOutcome> {
  const hub = prepareHub({ files: { app: { paths: 'logs/app.log', start: 'beginning' } } })
  try {
    const file = path.join(hub.directory, 'logs/app.log')
    mkdirSync(path.dirname(file))
    // What was rotated before the very first look is not read.
    writeFileSync(file, 'the file is there\n')
    await hub.start()
    const newest = async (query: string): Promise<number> =>
      (await hub.client.search({ query, limit: 1 })).records[0]?.id ?? 0
    await until('the first look', () => newest('source:app'))
    const [program, ...words] = rotateNumbers({ ...options, file })
    const writer = spawn(program!, words, { stdio: ['ignore', 'inherit', 'inherit'] })
    const written = once(writer, 'exit')
    try {
      for (const ms of lifeMs) {
        await sleep(ms)
        await hub.kill()
        await hub.start()
      }
      assert.equal((await written)[0], 0)
    } finally {
      writer.kill('SIGKILL')
    }
    await until('the last line', () => newest(`"n=${options.count - 1} "`), 120_000)
    await until('nothing more to be read', async () => {
      const before = await newest('source:app')
      await sleep(1000)
      return (await newest('source:app')) === before
    })
    const lines: [number: number, text: string][] = []
    let gaps = 0
    for await (const { message, kind } of hub.records('source:app')) {
      if (kind === 'gap') gaps++
      else if (message.includes(' n=')) lines.push([Number(/ n=(\d+) /.exec(message)?.[1]), message])
    }
    // What is read from a copy comes beside what was written after it.
    if (options.how === 'copytruncate') lines.sort(([a], [b]) => a - b)
    const numbers = numberOracle('the store')
    for (const [, text] of lines) numbers.take(text)
    numbers.assertComplete(new Map([['file', options.count]]))
    const account = await hub.command('verify')
    assert.equal(account.code, 0, account.stdout + account.stderr)
    return { rotations: Math.floor((options.count - 1) / options.rotateLines), kills: lifeMs.length, gaps }
  } finally {
    await hub.close()
  }
}
