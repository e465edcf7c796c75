// A gap that the tailer found → the record that tells people of it.
import { severities } from '../contracts/record.ts'
import type { Entry } from '../contracts/source-storage.ts'
import type { TailGap } from '../tail/tail-chunk.ts'

const reasons: Record<TailGap['cause'], string> = {
  truncated: 'the file was truncated while it was read',
  replaced: 'the file is not the one that was read before',
  backlog: 'more was waiting than the backlog limit allows',
  damaged: 'the archive is damaged behind what was read of it',
  removed: 'the file was removed before it was read to its end',
  hole: 'it was given up while the disk was full',
}

export function formatGap({ cause, from, to, bytes }: TailGap): Entry {
  const amount = bytes === 'unknown' ? 'an unknown amount' : `${bytes} bytes`
  return {
    kind: 'gap',
    severity: severities.WARNING,
    message: `${amount} missing: ${reasons[cause]}`,
    extras: { fields: { cause, from, to, bytes } },
  }
}
