// A thread that seals one tail file and ends, so that compressing never holds up a commit.
import { workerData } from 'node:worker_threads'
import { openYoungGarbage } from '../../young-garbage.ts'
import { sealTail } from './seal.ts'

export interface SealRequest {
  directory: string
  path: string
}

const { directory, path } = workerData as SealRequest
sealTail(directory, path, openYoungGarbage())
