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

  function count(key: string, { everyMs }: Bound): { failures: number; at: number } {
    const at = now()
    const known = counted.get(key)
    const failures = known ? Math.max(0, known.failures - (at - known.at) / everyMs) : 0
    const entry = { failures, at }
    // The one that was tried longest ago is forgotten first.
    counted.delete(key)
    counted.set(key, entry)
    for (const oldest of counted.keys()) {
      if (counted.size <= mostRemembered) break
      counted.delete(oldest)
    }
    return entry
  }

  return {
    begin(user, peer) {
      const entries = [
        ...(user === undefined ? [] : [{ entry: count(`user ${user.slice(0, 64)}`, ofUser), bound: ofUser }]),
        { entry: count(`peer ${peer}`, ofPeer), bound: ofPeer },
      ]
      if (entries.some(({ entry, bound }) => entry.failures + 1 > bound.burst))
        throw new LogboomError('too-often', 'Too many attempts to sign in have failed.', {
          hint: 'Wait half a minute, or ask for a link: logboom user link NAME',
        })
      for (const { entry } of entries) entry.failures++
      return () => {
        for (const { entry } of entries) entry.failures = Math.max(0, entry.failures - 1)
      }
    },
  }
}
