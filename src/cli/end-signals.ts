// Ctrl-C and its kin. Listened to from the very start of a command, so that none falls between two of its steps.
import { constants } from 'node:os'

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type EndSignal = (typeof names)[number]

export interface EndSignals {
  /** The first one that comes. */
  first: Promise<EndSignal>
  /** Calls back for each after the first. */
  onFurther(listener: (signal: EndSignal) => void): void
  close(): void
}

/** A press may arrive twice, from the terminal and from npm that passes it on; nobody presses twice so quickly. */
const samePressMs = 300

export function watchEndSignals(): EndSignals {
  const first = Promise.withResolvers<EndSignal>()
  const further: ((signal: EndSignal) => void)[] = []
  let lastAt: number | undefined
  const take = (signal: EndSignal): void => {
    const now = performance.now()
    const isFirst = lastAt === undefined
    const isRepeat = lastAt !== undefined && now - lastAt < samePressMs
    lastAt = now
    if (isFirst) first.resolve(signal)
    else if (!isRepeat) for (const listener of further) listener(signal)
  }
  for (const name of names) process.on(name, take)
  return {
    first: first.promise,
    onFurther: (listener) => void further.push(listener),
    close: () => names.forEach((name) => process.off(name, take)),
  }
}

/** 128 + number, as shells say it. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
