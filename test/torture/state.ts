// Every damage of every file that a hub keeps beside its records, some a round, each between two lives of a hub whose process lives on.
import { damagesOf, startDamagedHub } from '../system/damage-state.ts'

const files = [
  'catalogue.db',
  'catalogue.db-wal',
  'catalogue.db-shm',
  'lock.db',
  'lock.db-journal',
  'lock.db-wal',
  'hub.json',
  'sinks.json',
  'store/clock.json',
]
const perRound = 12

export async function damageState(round: number): Promise<string> {
  const all = files.flatMap(damagesOf)
  const from = (round * perRound) % all.length
  const some = all.slice(from, from + perRound)
  const hub = await startDamagedHub()
  try {
    for (const damage of some) await hub.survive(damage)
  } finally {
    await hub.close()
  }
  return `damages ${from + 1} to ${from + some.length} of ${all.length}`
}
