// The step that follows from a hub's answer to a batch: a rule without clock and chance of its own.

/** Undefined status: no answer came. */
export interface Answer {
  status?: number
  /** The header as it came. */
  retryAfter?: string | undefined
  /** The hub's own code, such as `batch-differs`. */
  code?: string | undefined
  /** The hub's words, or the reason why no answer came. */
  message?: string | undefined
}

export type Step =
  | { do: 'next' }
  | { do: 'wait'; waitMs: number; tell?: string }
  /** Fewer bytes at once. */
  | { do: 'halve' }
  /** The batch can never be sent; the next one can. */
  | { do: 'set-aside'; tell: string }

const firstWaitMs = 1000
const longestWaitMs = 30_000
/** A hub that asks for longer is asked again after this. */
const longestAskedMs = 600_000

export interface Circumstances {
  /** Attempts in a row that failed before this one. */
  failures: number
  /** From 0 to 1. */
  chance: number
  /** Unix milliseconds. */
  now: number
}

const hints: Readonly<Record<number, string>> = {
  400: 'Check the name of the logger: it must not be the name of a process of the hub.',
  401: 'Set LOGBOOM_TOKEN to a token of the hub: logboom token add NAME --may send.',
  403: 'The token must be allowed to send to this source: logboom token add NAME --may send --source SOURCE.',
  404: 'Check LOGBOOM_URL: it is the address of the hub, without a path.',
}

export function nextStep(answer: Answer, { failures, chance, now }: Circumstances): Step {
  const { status, code, message = '' } = answer
  if (status === undefined) return { do: 'wait', waitMs: backOffMs(failures, chance) }
  if (status >= 200 && status < 300) return { do: 'next' }
  if (status === 413) return { do: 'halve' }
  if (status === 409 && code === 'batch-differs')
    return {
      do: 'set-aside',
      tell: `The hub has other bytes under the name of a batch, which is set aside: ${message}`,
    }
  const waitMs = askedMs(answer.retryAfter, now) ?? backOffMs(failures, chance)
  if (status === 408 || status === 429 || status >= 500) return { do: 'wait', waitMs }
  const hint = hints[status] ?? 'What is logged is kept in the spool until the hub takes it.'
  return {
    do: 'wait',
    waitMs: longestWaitMs,
    tell: `The hub refuses records with status ${status}: ${message} ${hint}`,
  }
}

/** 1 s, 2 s, 4 s … 30 s, each less up to a half. */
export function backOffMs(failures: number, chance: number): number {
  const wholeMs = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures, 10))
  return Math.round(wholeMs * (1 - chance / 2))
}

/** Seconds or a date. */
function askedMs(retryAfter: string | undefined, now: number): number | undefined {
  if (retryAfter === undefined) return undefined
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now
  return Number.isFinite(ms) ? Math.min(longestAskedMs, Math.max(0, ms)) : undefined
}
