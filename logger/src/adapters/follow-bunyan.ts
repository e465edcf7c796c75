// Records of every bunyan logger in the process.
import type { Intake } from './open-intake.ts'
import { readJsonRecord } from './json-record.ts'
import type { Patch } from './patch-libraries.ts'

interface BunyanLogger {
  streams: readonly { stream?: unknown }[]
  _emit(record: Readonly<Record<string, unknown>>, isNotWritten?: boolean): unknown
}

/** `isShown`: whether lines of a logger that writes to standard output are read there already. */
export function followBunyan(take: Intake, isShown: () => boolean): Patch {
  return ({ prototype }: { prototype: BunyanLogger }) => {
    const emit = prototype._emit
    prototype._emit = function (this: BunyanLogger, record, isNotWritten) {
      const result = emit.call(this, record, isNotWritten)
      const isOnOutput = this.streams.some(({ stream }) => stream === process.stdout)
      if (!isNotWritten && !(isOnOutput && isShown())) take(readJsonRecord(record, Date.now()))
      return result
    }
  }
}
