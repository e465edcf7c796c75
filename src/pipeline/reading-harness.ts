// For tests: a log of others, and a pipeline that reads it and what lies beside it.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { recordsOf } from '../query/read/records-of.ts'
import type { Encoding, FilePlace } from '../contracts/source-storage.ts'
import { openMemoryStore } from '../stores/memory/memory-store.ts'
import { openPipeline } from './pipeline.ts'
import { stageChains } from '../shape/stage-chain.ts'

export interface Reading {
  log: string
  place(path: string): FilePlace
  step(): Promise<{ bytes: number }>
  /** As the files of a source are opened: what lies beside the log with what it lies beside. */
  follow(path: string, start?: 'beginning' | 'end', found?: FilePlace): Promise<number | 'moved' | 'copy'>
  /** It is gone, and may come back compressed; `isUnseen`: it went while no hub ran. */
  forget(file: FilePlace, isUnseen?: boolean): void
  /** Reads it to its end and stops reading it. */
  letGo(tail: number): Promise<void>
  /** Until nothing is left. */
  settle(): Promise<void>
  /** The next hub. */
  again(): void
  /** Messages of a kind. */
  lines(of?: string): Promise<string[]>
}

export function reading(t: TestContext, encoding: Encoding = 'utf-8'): Reading {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-copies-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const store = openMemoryStore(Date.now, 1e9)
  const open = () =>
    openPipeline({
      store,
      session: 's',
      openStages: stageChains([], { stages: {} }),
      publish: () => undefined,
      warn: (message) => assert.fail(message),
      now: Date.now,
    })
  let pipeline = open()
  const log = join(directory, 'app.log')
  writeFileSync(log, '')

  const place = (path: string): FilePlace => {
    const { dev: device, ino: inode } = statSync(path)
    return { path, device, inode }
  }
  const step = () => pipeline.step()
  async function settle(): Promise<void> {
    const isUnpacking = (): boolean => [...pipeline.captures()].some((capture) => capture.isUnpacking())
    for (let quiet = 0; quiet < 3; quiet++) {
      if ((await step()).bytes > 0 || isUnpacking()) quiet = 0
      await new Promise(setImmediate)
    }
  }
  return {
    log,
    step,
    follow(path, start = 'beginning', found = place(path)) {
      const original = path === log ? {} : { original: place(log) }
      const packed = /\.(?:gz|zst)$/.test(path)
      return pipeline.tailFile('app', { run: 1, ...found, ...original, start, encoding, packed, mayReturn: true })
    },
    forget: (file, isUnseen = false) => pipeline.forgetFile('app', 1, file, { mayReturn: true, isUnseen }),
    place,
    async letGo(tail) {
      const over = pipeline.finish(tail)
      await settle()
      await over
    },
    settle,
    again() {
      for (const capture of pipeline.captures()) capture.close()
      pipeline = open()
    },
    async lines(of = 'system') {
      const lines: string[] = []
      for await (const page of store.search({ order: 'oldest' }))
        for (const { kind, message } of recordsOf(page.batches, 'oldest')) if (kind === of) lines.push(message)
      return lines
    },
  }
}

/** Of one content, each different, and longer than what is remembered of a beginning. */
export const linesOf = (name: string, count = 50): string[] =>
  Array.from({ length: count }, (_, line) => `${name} ${line} with some words behind`)
export const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
