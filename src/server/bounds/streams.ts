// Followers and readers of the status: connections that stay, so many and no more, so that questions find room beside them.
import { LogboomError } from '../../contracts/errors.ts'
import { surplusConnections } from './limits.ts'

export interface Streams {
  /** Gives what returns the place; throws `too-many`. */
  enter(): () => void
}

/** `makeRoom` sends one away that is not reading, which takes a moment; false when there is none. */
export function openStreams(limit: number, makeRoom: () => boolean): Streams {
  let count = 0
  return {
    enter() {
      if (count >= limit && !(count < limit + surplusConnections && makeRoom())) {
        throw new LogboomError(
          'too-many',
          `${limit} followers are connected, and more than that this hub does not serve.`,
        )
      }
      count++
      let entered = true
      return () => {
        if (entered) count--
        entered = false
      }
    },
  }
}
