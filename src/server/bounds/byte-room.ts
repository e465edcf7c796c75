// Bounds the bytes that are held at once. Room is taken as bytes come, never for what may come; whoever finds none waits, in the
// order of coming.

export interface ByteRoom {
  /** A place for one body, which takes nothing yet. */
  enter(options: { /** Called when others wait, and this one may be holding them up. */ wanted(): void }): RoomPlace
}

export interface RoomPlace {
  /** Takes so many more bytes; false when there is no room: then `taken` is called once they are taken. */
  grow(bytes: number, taken: () => void): boolean
  /** All of it is here, so its room will be given back whoever is slow. */
  settle(): void
  /** Gives so many bytes back. */
  shrink(bytes: number): void
  /** Gives everything back. */
  leave(): void
}

interface Holder {
  bytes: number
  isWhole: boolean
  wanted(): void
}

interface Waiting {
  holder: Holder
  bytes: number
  taken(): void
}

export interface ByteRoomOptions {
  limitBytes: number
  /** So much of each place is free. */
  freeBytes: number
  /** While somebody waits, the others are told so often that they are wanted. */
  askMs: number
}

export function openByteRoom({ limitBytes, freeBytes, askMs }: ByteRoomOptions): ByteRoom {
  let takenBytes = 0
  const holders = new Set<Holder>()
  const waiting = new Set<Waiting>()
  let favoured: Holder | undefined
  let asking: NodeJS.Timeout | undefined

  const counted = (bytes: number): number => Math.max(0, bytes - freeBytes)

  function hasRoom(holder: Holder, bytes: number): boolean {
    const more = counted(holder.bytes + bytes) - counted(holder.bytes)
    if (more === 0 || takenBytes + more <= limitBytes) return true
    if ([...holders].some(({ bytes: held, isWhole }) => isWhole && held > freeBytes)) return false
    // The room is full of bodies that are not whole, and none would ever be: one of them, and it alone, may have more.
    favoured ??= holder
    return favoured === holder
  }

  function take(holder: Holder, bytes: number): void {
    takenBytes += counted(holder.bytes + bytes) - counted(holder.bytes)
    holder.bytes += bytes
  }

  function admit(): void {
    let isFull = false
    for (const each of waiting) {
      if (isFull && each.holder !== favoured) continue
      if (!hasRoom(each.holder, each.bytes)) {
        isFull = true
        continue
      }
      waiting.delete(each)
      take(each.holder, each.bytes)
      each.taken()
    }
    if (waiting.size > 0) return
    clearInterval(asking)
    asking = undefined
  }

  function ask(): void {
    const patient = new Set([...waiting].map(({ holder }) => holder))
    for (const holder of holders) if (!holder.isWhole && !patient.has(holder)) holder.wanted()
  }

  return {
    enter({ wanted }) {
      const holder: Holder = { bytes: 0, isWhole: false, wanted }
      holders.add(holder)
      return {
        grow(bytes, taken) {
          const isFree = counted(holder.bytes + bytes) === 0
          const isNext = waiting.size === 0 || holder === favoured
          if (isFree || (isNext && hasRoom(holder, bytes))) {
            take(holder, bytes)
            return true
          }
          waiting.add({ holder, bytes, taken })
          asking ??= setInterval(ask, askMs).unref()
          return false
        },
        settle() {
          holder.isWhole = true
        },
        shrink(bytes) {
          if (!holders.has(holder)) return
          takenBytes -= counted(holder.bytes) - counted(holder.bytes - bytes)
          holder.bytes -= bytes
          if (favoured === holder) favoured = undefined
          admit()
        },
        leave() {
          if (!holders.delete(holder)) return
          takenBytes -= counted(holder.bytes)
          if (favoured === holder) favoured = undefined
          for (const each of waiting) if (each.holder === holder) waiting.delete(each)
          admit()
        },
      }
    },
  }
}
