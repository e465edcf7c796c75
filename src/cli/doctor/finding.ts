// What the doctor found out about one thing.
export interface Finding {
  what: string
  verdict: 'ok' | 'warn' | 'fail'
  text: string
  /** What to do about it. */
  hint?: string
}
