// Every worker of the hub is started alike: with little memory of its own and with the main thread's compile cache.
import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { siblingUrl } from './sibling-url.ts'

/** Young objects here are short-lived batches; a larger nursery only lets them pile up. */
const youngGenerationMb = 8

/** Starts the module `path`, such as `./house-worker`, beside the module at `importMetaUrl`. */
export function startWorker(importMetaUrl: string, path: string, workerData: unknown): Worker {
  const cache = getCompileCacheDir()
  return new Worker(siblingUrl(importMetaUrl, path), {
    workerData,
    // The cache of one Node version lies in a folder of the directory that the environment names.
    env: cache ? { ...process.env, NODE_COMPILE_CACHE: dirname(cache) } : process.env,
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
  })
}
