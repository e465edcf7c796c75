// `tail -F | gzip` as a collector: the least that anybody would do. It forgets where it was when it ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, renameSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { countLines, ownCpuSeconds, type OpenCollector } from './collector.ts'

export const tailGzip: OpenCollector = async ({ file, directory }) => {
  const [input, output] = [path.join(directory, 'app.log'), path.join(directory, 'app.log.gz')]
  const out = openSync(output, 'w')
  const gzip = spawn('gzip', { stdio: ['pipe', out, 'inherit'] })
  closeSync(out)
  const tail = spawn('tail', ['-n', '+1', '-F', input], { stdio: ['ignore', gzip.stdin!, 'ignore'] })
  await once(tail, 'spawn')
  gzip.stdin!.destroy()
  const lines = countLines(readFileSync(file))
  const bytes = readFileSync(file).length
  const readBytes = (): number => Number(/rchar: (\d+)/.exec(readFileSync(`/proc/${tail.pid}/io`, 'latin1'))?.[1])
  const startBytes = readBytes()
  return {
    cpuSeconds: () => ownCpuSeconds(tail.pid!) + ownCpuSeconds(gzip.pid!),
    feed: () => renameSync(file, input),
    // Lines that the compressor still holds are counted when it has ended.
    kept: () => (readBytes() - startBytes >= bytes ? lines : undefined),
    async close() {
      const ended = once(gzip, 'exit')
      tail.kill()
      await ended
      const kept = countLines(gunzipSync(readFileSync(output)))
      if (kept !== lines) throw new Error(`tail | gzip kept ${kept} of ${lines} lines`)
    },
  }
}
