// `CMD | logboom pipe --name NAME`: writes standard input into a file that the hub reads, whether one runs now or later.
import { randomUUID } from 'node:crypto'
import { closeSync, fdatasyncSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LogboomError } from '../../contracts/errors.ts'
import { makeStateDirectory } from '../../hub/state/state-directory.ts'
import { identify } from '../../supervise/process/identity.ts'
import { openPipeFiles, writePipeNote, type PipeNote } from '../../supervise/pipe/pipe-files.ts'
import { faultOfSourceName } from '../../text/source-name.ts'
import { outliveOutput } from '../closed-output.ts'
import { findState, tryHub } from './find-hub.ts'
import type { PlaceOptions } from '../command-parts.ts'

export interface PipeCommandOptions extends PlaceOptions {
  name: string
  tee?: boolean
}

const retryMs = 200

/** Resolves when the input has ended and all of it is written. */
export async function pipe({ name, tee = false, ...place }: PipeCommandOptions): Promise<void> {
  const fault = faultOfSourceName(name)
  if (fault) throw new LogboomError('request-invalid', `--name: ${fault}`, { hint: 'Choose another name.' })
  if (process.stdin.isTTY) {
    const hint = `Pipe something into it: some-command 2>&1 | logboom pipe --name ${name}`
    throw new LogboomError('request-invalid', 'standard input is a terminal', { hint })
  }
  const stateDirectory = await findState(place)
  await checkName(name, stateDirectory)
  makeStateDirectory(stateDirectory)
  const captureDirectory = join(stateDirectory, 'capture')
  const note: PipeNote = { id: randomUUID(), name, identity: identify(process.pid), startedAt: Date.now() }
  const lines = openPipeFiles(captureDirectory, note)
  // Ctrl-C is for whoever writes: what they say last belongs to it. A second one is for us.
  process.once('SIGINT', () => undefined)
  outliveOutput()
  process.stdout.on('error', () => (tee = false))
  let told = false
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length;) {
      try {
        at += writeSync(lines, chunk, at)
      } catch (error) {
        if (!told) console.error(`logboom: ${(error as Error).message}; waiting until it can be written`)
        told = true
        await sleep(retryMs)
      }
    }
    if (tee && !process.stdout.write(chunk)) await Promise.race([drained(), sleep(retryMs)])
  }
  fdatasyncSync(lines)
  closeSync(lines)
  writePipeNote(captureDirectory, { ...note, endedAt: Date.now() })
}

const drained = (): Promise<void> => new Promise((resolve) => process.stdout.once('drain', resolve))

async function checkName(name: string, stateDirectory: string): Promise<void> {
  const hub = await tryHub(stateDirectory)
  if (!hub) {
    console.error(`logboom: no hub runs in ${stateDirectory}; what comes is kept for the next one (logboom up)`)
    return
  }
  const other = (await hub.client.sources()).find((source) => source.name === name && source.type !== 'pipe')
  if (!other) return
  throw new LogboomError('request-invalid', `${name} is a ${other.type} of this hub`, {
    hint: 'Choose another --name.',
  })
}
