// Switches the engine's compilers on once there is work that is worth compiling for: bin/logboom.js starts a hub without them
// (decisions/032). They are the same for all threads, so the first thread that has worked enough does it for all.
import { setFlagsFromString } from 'node:v8'

/** About 128 KB of lines, which leave several times as much behind. */
const enoughBytes = 512 * 1024

let workedBytes = 0

/** To be told of work by the bytes that it left behind. */
export function noticeWork(bytes: number): void {
  if (workedBytes >= enoughBytes) return
  workedBytes += bytes
  if (workedBytes < enoughBytes) return
  setFlagsFromString('--sparkplug')
  setFlagsFromString('--maglev')
  setFlagsFromString('--opt')
}
