// A process that seals all that a hub has left unsealed, and tells what that took without its own start.
import path from 'node:path'
import { localStore } from '../../../src/stores/local/local-store.ts'

export interface Sealed {
  cpuSeconds: number
  peakMb: number
}

const [stateDirectory] = process.argv.slice(2) as [string]
const before = process.cpuUsage()
const store = await localStore.open({
  directory: path.join(stateDirectory, 'store'),
  now: Date.now,
  warn: (message) => console.error(message),
})
await store.seal({ all: true })
await store.close()
const { user, system } = process.cpuUsage(before)
process.send!({ cpuSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 } satisfies Sealed)
process.disconnect?.()
