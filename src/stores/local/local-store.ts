// The store that is meant for use: append-only files of checked frames in a directory.
import { nodeDisk } from '../../system/disk.ts'
import type { StoreType } from '../../contracts/store.ts'
import { checkFormatForReading } from './check-format.ts'
import { openLocalReader } from './read/local-reader.ts'
import { openLocalStore } from './open-local-store.ts'
import { openHousekeeper } from './keep/housekeeper.ts'

export const localStore: StoreType = {
  name: 'local',
  open: (options) => openLocalStore(options, openHousekeeper()),
  async openReader(options) {
    checkFormatForReading(options.disk ?? nodeDisk, options.directory)
    return openLocalReader(options)
  },
  // Loaded when they are asked for: no hub needs them.
  async verify({ directory, disk = nodeDisk }, how) {
    checkFormatForReading(disk, directory)
    return (await import('./check/verify.ts')).verifyStore(disk, directory, how)
  },
  repair: async (options) => (await import('./check/repair.ts')).repairStore(options),
}
