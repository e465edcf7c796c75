// Stops a process for those who then count: resolves when its exit stands in the store, behind its last words.
import { until, type HubProcess } from '../hub-process.ts'

export async function stopProcess(hub: HubProcess, name: string): Promise<void> {
  await hub.client.control(name, 'stop')
  await until(`the exit of ${name}`, async () => {
    const { records } = await hub.client.search({ query: `source:${name}`, limit: 1 })
    return records[0]?.fields?.['event'] === 'exited'
  })
}
