// The servers that are measured: each in a process of its own, told to send lines, and asked what that cost.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { readHubFile } from '../../src/hub/hub-file.ts'
import { startHub, type HubProcess } from '../../test/hub-process.ts'
import { ownCpuSeconds } from '../tail/collector.ts'
import { pace, postLines, type Feeding } from './feed.ts'

export interface Subject {
  url: string
  cpuSeconds(): number
  /** Resolves when the lines are handed in; a peer is not waited for. */
  feed(feeding: Feeding): Promise<void>
  close(): Promise<void>
}

const peer = new URL('./peer-main.ts', import.meta.url)

export async function openPeer(kind: 'ws' | 'socket.io'): Promise<Subject> {
  const child = fork(peer, [kind])
  const [port] = (await once(child, 'message')) as [number]
  return {
    url: `http://127.0.0.1:${port}`,
    cpuSeconds: () => ownCpuSeconds(child.pid!),
    feed: (feeding) => new Promise((resolve) => child.send(feeding, () => resolve())),
    close: async () => void child.kill('SIGKILL'),
  }
}

export async function openLogboom(): Promise<Subject & { hub: HubProcess }> {
  const hub = await startHub({ processes: {} })
  const { key = '' } = readHubFile(hub.stateDirectory) ?? {}
  return {
    hub,
    url: hub.url,
    cpuSeconds: hub.cpuSeconds,
    async feed(feeding) {
      const agent = new Agent({ keepAlive: true })
      await pace(feeding, (first, lines) => postLines({ url: hub.url, key, agent }, first, lines))
      agent.destroy()
    },
    close: hub.close,
  }
}
