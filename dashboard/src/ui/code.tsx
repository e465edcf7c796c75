// A word of a command line or a configuration, within a sentence.
import type { ReactElement, ReactNode } from 'react'

export function Code({ children }: { children: ReactNode }): ReactElement {
  return <code className="rounded bg-active px-1 font-mono text-2xs text-text">{children}</code>
}
