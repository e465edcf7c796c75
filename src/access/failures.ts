// Failed attempts to sign in: so many at once for a user and for an address, then one now and then. Counted before the password is
// compared and given back when it is right, so that attempts side by side are no way around.
import { LogboomError } from '../contracts/errors.ts'

interface Bound {
  burst: number
  everyMs: number
}

const ofUser: Bound = { burst: 5, everyMs: 20_000 }
const ofPeer: Bound = { burst: 20, everyMs: 5000 }
const mostRemembered = 10_000

export interface Failures {
  /** Throws `too-often`; gives what takes the attempt back. Without a user only the address counts. */
  begin(user: string | undefined, peer: string): () => void
}

export function openFailures(now: () => number = () => performance.now()): Failures {
  const counted = new Map<string, { failures: number; at: number }>()

  /** What is left of them by now. */
  function failuresOf(key: string, { everyMs }: Bound): number {
    const known = counted.get(key)
    return known ? Math.max(0, known.failures - (now() - known.at) / everyMs) : 0
  }

  function remember(key: string, failures: number): void {
    // The one that was tried longest ago is forgotten first.
    counted.delete(key)
    counted.set(key, { failures, at: now() })
    if (counted.size > mostRemembered) counted.delete(counted.keys().next().value!)
  }

  return {
    begin(user, peer) {
      const bounds: [key: string, bound: Bound][] = [[`peer ${peer}`, ofPeer]]
      if (user !== undefined) bounds.push([`user ${user.slice(0, 64)}`, ofUser])
      // Attempts that are sent away unheard make nobody's failures forgotten.
      if (bounds.some(([key, bound]) => failuresOf(key, bound) + 1 > bound.burst))
        throw new LogboomError('too-often', 'Too many attempts to sign in have failed.', {
          hint: 'Wait half a minute, or ask for a link: logboom user link NAME',
        })
      for (const [key, bound] of bounds) remember(key, failuresOf(key, bound) + 1)
      return () => {
        for (const [key, bound] of bounds) remember(key, Math.max(0, failuresOf(key, bound) - 1))
      }
    },
  }
}
