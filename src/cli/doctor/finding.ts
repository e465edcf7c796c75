// A finding of the doctor about one thing.
export interface Finding {
  what: string
  verdict: 'ok' | 'warn' | 'fail'
  text: string
  /** Advice for a finding that is not good. */
  hint?: string
}
