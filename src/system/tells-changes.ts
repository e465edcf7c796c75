// Whether the system tells of everything that happens to files in a place (inotify): it does on disks of this machine, not on
// those of others.
import { statfsSync } from 'node:fs'

/** The magic numbers of ext2 to ext4, XFS, Btrfs, tmpfs, overlayfs, ZFS and F2FS, as statfs(2) gives them. */
const local = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0x2fc12fc1, 0xf2f52010])
const known = new Map<string, boolean>()
/** Directories that are remembered at most. */
const mostKnown = 1000

/** Whether it does of what happens in `directory`. */
export function tellsChanges(directory: string): boolean {
  let tells = known.get(directory)
  if (tells === undefined) {
    if (known.size >= mostKnown) known.clear()
    known.set(directory, (tells = look(directory)))
  }
  return tells
}

function look(directory: string): boolean {
  if (process.platform !== 'linux') return false
  try {
    // Numbers read with a sign may come out negative.
    return local.has(statfsSync(directory).type >>> 0)
  } catch {
    return false
  }
}
