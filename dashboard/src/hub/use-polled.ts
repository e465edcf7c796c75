// An answer of the hub that is asked for again and again, as long as somebody looks at the page.
import { useEffect, useState } from 'react'
import type { LogboomError } from '../../../src/client/index.ts'
import { toLogboomError } from './to-logboom-error.ts'

export interface Polled<Answer> {
  /** The latest; stays while the hub does not answer. */
  answer?: Answer
  /** Of the last question. */
  error?: LogboomError
}

/** `ask` is the same function as long as it asks the same. `restMs` may change with every answer. */
export function usePolled<Answer>(
  ask: () => Promise<Answer>,
  restMs: (answer: Answer | undefined) => number,
  take?: (answer: Answer) => void,
): Polled<Answer> {
  const [polled, setPolled] = useState<Polled<Answer>>({})
  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const poll = async (): Promise<void> => {
      let answer: Answer | undefined
      try {
        answer = await ask()
        if (isOver) return
        take?.(answer)
        setPolled({ answer })
      } catch (error) {
        if (isOver) return
        setPolled((now) => ({ ...now, error: toLogboomError(error) }))
      }
      schedule(restMs(answer))
    }
    const schedule = (ms: number): void => {
      // Nobody looks: the next question waits until somebody does.
      timer = setTimeout(() => (document.hidden ? schedule(ms) : void poll()), ms)
    }
    void poll()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [ask, restMs, take])
  return polled
}
