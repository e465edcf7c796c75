// `rg` over the raw file: no store at all. It can search and count, but not put in order.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import type { Needles } from '../needles.ts'
import type { PeerType, QueryName } from '../peer.ts'

export const ripgrep: PeerType = {
  name: 'rg',
  about: 'ripgrep over the raw file, -F but for the regular expression; nothing to take in',
  missing: () => (spawnSync('rg', ['--version']).status === 0 ? undefined : 'install ripgrep'),
  async open(_directory, { file, needles }) {
    return {
      ingest: async () => undefined,
      settle: async () => 0,
      restart: async () => undefined,
      async query(name) {
        const words = wordsOf(name, needles)
        if (!words) return undefined
        const startedAt = performance.now()
        const child = spawn('rg', ['--no-config', ...words, file], { stdio: ['ignore', 'pipe', 'inherit'] })
        const parts: Buffer[] = []
        child.stdout.on('data', (part: Buffer) => parts.push(part))
        await once(child, 'close')
        const milliseconds = performance.now() - startedAt
        const output = Buffer.concat(parts).toString()
        return { milliseconds, hits: words.includes('-c') ? Number(output) : output.split('\n').length - 1 }
      },
      usage: () => ({ cpuSeconds: 0, peakMb: 0 }),
      bytesOnDisk: () => statSync(file).size,
      close: async () => undefined,
    }
  },
}

function wordsOf(name: QueryName, needles: Needles): string[] | undefined {
  switch (name) {
    case 'rare token':
      return ['-F', '-e', needles.rareToken]
    case 'rare word':
      return ['-F', '-e', needles.rareWord]
    case 'substring':
      return ['-F', '-e', needles.substring]
    case 'regular expression':
      return ['-e', needles.regularExpression]
    case 'count of a common word':
      return ['-c', '-F', '-e', needles.commonWord]
    default:
      return undefined
  }
}
