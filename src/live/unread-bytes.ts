// Bytes that all followers together have been sent and have not taken. Each may have some, little for one and too much for a
// thousand: beyond a bound, those that take nothing are let go, so that memory stays and the others are served.

export interface UnreadBytes {
  join(member: Member): Seat
  /** Lets the one go that has taken nothing for longest, if it is not reading; false when all are. */
  letGoOne(): boolean
}

export interface Member {
  pendingBytes(): number
  /** There is room again. */
  wake(): void
  /** Has taken nothing while others needed the room. */
  letGo(): void
}

export interface Seat {
  /** To be called after each send, and when bytes have gone out. */
  count(): void
  hasRoom(): boolean
  leave(): void
}

/** From the first on only those get more who have taken all they had; from the second on nobody does. */
const limitBytes = 32 * 1024 * 1024
const lastLimitBytes = 48 * 1024 * 1024
/** A follower that has taken nothing for so long is not reading. */
const patienceMs = 2000
const lookMs = 250

interface State {
  member: Member
  bytes: number
  /** When it last took something, of `performance.now`. */
  tookAt: number
}

export function openUnreadBytes(): UnreadBytes {
  const states = new Set<State>()
  let total = 0
  let timer: NodeJS.Timeout | undefined

  function stillStates(): State[] {
    const deadline = performance.now() - patienceMs
    return [...states].filter(({ bytes, tookAt }) => bytes > 0 && tookAt < deadline)
  }

  function look(): void {
    for (const { member } of stillStates().sort((a, b) => b.bytes - a.bytes)) {
      if (total < limitBytes) break
      member.letGo()
    }
    if (total < limitBytes) {
      clearInterval(timer)
      timer = undefined
    }
    if (total < lastLimitBytes) for (const { member } of states) member.wake()
  }

  return {
    letGoOne() {
      const [stillest] = stillStates().sort((a, b) => a.tookAt - b.tookAt)
      stillest?.member.letGo()
      return stillest !== undefined
    },
    join(member) {
      const state: State = { member, bytes: 0, tookAt: 0 }
      states.add(state)
      return {
        count() {
          const now = member.pendingBytes()
          // A connection that is closing holds its bytes until it is closed.
          if (!Number.isFinite(now) || !states.has(state)) return
          if (now < state.bytes || state.bytes === 0) state.tookAt = performance.now()
          total += now - state.bytes
          state.bytes = now
          if (total >= limitBytes) timer ??= setInterval(look, lookMs).unref()
        },
        hasRoom: () => total < limitBytes || (total < lastLimitBytes && state.bytes === 0),
        leave() {
          if (states.delete(state)) total -= state.bytes
        },
      }
    },
  }
}
