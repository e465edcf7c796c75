// `logboom store repair`: takes what is damaged out of the way, while nobody else writes.
import { findStore, withStateLock } from './find-store.ts'
import type { PlaceOptions } from '../command-parts.ts'

export async function storeRepair(place: PlaceOptions): Promise<void> {
  const { stateDirectory, type, options } = await findStore(place)
  // The report tells of all damage.
  const quiet = { ...options, warn: () => undefined }
  const { done, setAside } = await withStateLock(stateDirectory, () => type.repair(quiet))
  if (done.length === 0) return console.log('Nothing is damaged')
  console.log(done.join('\n'))
  if (setAside.length > 0)
    console.log(`What cannot be read is kept:\n${setAside.map((path) => `  ${path}`).join('\n')}`)
}
