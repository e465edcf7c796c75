// A file's identity as one word, for maps and sets.
import type { FileIdentity } from '../contracts/source-storage.ts'

export const identityOf = ({ device, inode }: FileIdentity): string => `${device} ${inode}`

export function identityFrom(word: string): FileIdentity {
  const [device, inode] = word.split(' ').map(Number)
  return { device: device!, inode: inode! }
}
