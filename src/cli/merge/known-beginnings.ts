// How the files that were read began, which tells a copy that rotation has made of one from a file with lines of its own.

export interface KnownBeginnings {
  /** Text that was read in a file, from the offset on; what stood there before has been truncated. */
  add(file: object, offset: number, text: Uint8Array): void
  /** A file that begins like this has been read. */
  has(text: Uint8Array): boolean
}

const mostBytes = 1024
const mostFiles = 2000

export function openKnownBeginnings(): KnownBeginnings {
  /** The latest beginnings, oldest first. */
  const all: Buffer[] = []
  const current = new WeakMap<object, { at: Buffer; offset: number }>()

  function remember(file: object, bytes: Buffer, before: Buffer | undefined): void {
    const place = before ? all.indexOf(before) : -1
    if (place >= 0) all[place] = bytes
    else all.push(bytes)
    if (all.length > mostFiles) all.shift()
    current.set(file, { at: bytes, offset: bytes.length })
  }

  return {
    add(file, offset, text) {
      if (text.length === 0 || offset >= mostBytes) return
      const known = offset === 0 ? undefined : current.get(file)
      if (known && known.offset !== offset) return
      const bytes = Buffer.concat([known?.at ?? Buffer.alloc(0), text.subarray(0, mostBytes)])
      remember(file, bytes.subarray(0, mostBytes), known?.at)
    },
    has: (text) =>
      text.length > 0 &&
      all.some((known) => {
        const length = Math.min(known.length, text.length)
        return known.subarray(0, length).equals(text.subarray(0, length))
      }),
  }
}
