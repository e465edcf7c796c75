// What `logboom init` gathers: sources that could be configured, and what cannot be one.

export interface Proposal {
  section: 'processes' | 'files' | 'docker'
  name: string
  options: object
  /** Where it was found, for people. */
  why: string
}

export interface Findings {
  proposals: Proposal[]
  /** What was found and is not proposed, with the reason. */
  left: string[]
}

/** A name that a source may have. */
export function sourceNameOf(text: string): string {
  return (
    text
      .replace(/^@[^/]*\//, '')
      .replace(/[^\w.-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'main'
  )
}
