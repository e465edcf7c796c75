// Followers and readers of the status: connections that stay, so many and no more, so that questions find room beside them.
import { LogboomError } from '../errors.ts'

export interface Streams {
  /** Gives what returns the place; throws `too-many`. */
  enter(): () => void
}

export function openStreams(limit: number): Streams {
  let count = 0
  return {
    enter() {
      if (count >= limit) {
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
