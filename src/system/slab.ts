// Memory for buffers that live only as long as one step of work: handed out from one piece and taken back all at once,
// which spares the allocator churn that it cannot give back to the system.

export interface Slab {
  /** `length` bytes, aligned to 8, holding whatever was there before; valid until `reset`. */
  take(length: number): Uint8Array<ArrayBuffer>
  reset(): void
}

/** More than `bytes` may be taken; what does not fit is allocated on its own. */
export function openSlab(bytes: number): Slab {
  let piece: ArrayBuffer | undefined
  let at = 0
  return {
    take(length) {
      if (at + length > bytes) return new Uint8Array(length)
      piece ??= new ArrayBuffer(bytes)
      const taken = new Uint8Array(piece, at, length)
      at += (length + 7) & ~7
      return taken
    },
    reset() {
      at = 0
    },
  }
}
