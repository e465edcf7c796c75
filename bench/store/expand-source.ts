// Turns one source's sample into as many messages as one likes: stretches of it are told again (a block bootstrap, which
// keeps frequencies and what follows what), each time with fresh values that are the same throughout the stretch.
import { modelValues, stretchLines } from './fresh-values.ts'
import type { Random } from './random.ts'
import type { SampleSource } from './sample-lines.ts'

export interface Expansion {
  /** Draws the next message; `message`, `level` and `logger` are of it. */
  next(): void
  message: string
  level: string
  logger: string
}

export function expandSource({ lines }: SampleSource, random: Random): Expansion {
  const { count, places, fresh } = modelValues(lines)
  const values: string[] = Array.from({ length: count }, () => '')
  const drawnIn = new Uint32Array(count)
  let stretch = 0
  let left = 0
  let at = 0
  const expansion: Expansion = {
    message: '',
    level: '',
    logger: '',
    next() {
      if (left === 0) {
        stretch++
        left = 1 + Math.floor(random.exponential() * stretchLines)
        at = random.below(lines.length)
      }
      left--
      const { parts, level, logger } = lines[at]!
      const here = places[at]!
      let message = parts[0]!
      for (let i = 0; i < here.length; i++) {
        const place = here[i]!
        if (drawnIn[place] !== stretch) {
          drawnIn[place] = stretch
          values[place] = fresh[place]!(random)
        }
        message += values[place]! + parts[i + 1]!
      }
      expansion.message = message
      expansion.level = level
      expansion.logger = logger
      at = (at + 1) % lines.length
    },
  }
  return expansion
}
