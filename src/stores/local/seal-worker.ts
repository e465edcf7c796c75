// A thread that seals tail files, so that compressing never holds up a commit.
import { parentPort } from 'node:worker_threads'
import { nodeDisk } from '../../disk.ts'
import { openYoungGarbage } from '../../young-garbage.ts'
import { sealTail } from './seal.ts'

export interface SealRequest {
  directory: string
  path: string
}

/** The answer to a request; `error` says why it was not sealed. */
export interface SealAnswer {
  error?: string
}

const spent = openYoungGarbage()

parentPort!.on('message', ({ directory, path }: SealRequest) => {
  const answer: SealAnswer = {}
  try {
    sealTail(nodeDisk, directory, path, spent)
  } catch (error) {
    answer.error = (error as Error).message
  }
  parentPort!.postMessage(answer)
})
