// A titled box of a page of settings, with room for one button beside the title.
import { useId, type ReactElement, type ReactNode } from 'react'

interface PanelProps {
  title: string
  about?: ReactNode
  action?: ReactNode
  testId?: string
  children: ReactNode
}

export function Panel({ title, about, action, testId, children }: PanelProps): ReactElement {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      data-testid={testId}
      className="shrink-0 overflow-hidden rounded-lg border border-line bg-surface text-xs"
    >
      <div className="flex min-h-11 items-center gap-2 py-1.5 pr-2 pl-3 sm:pl-4">
        <h2 id={id} className="shrink-0 text-sm font-semibold">
          {title}
        </h2>
        <span className="min-w-0 flex-1 text-soft max-sm:sr-only">{about}</span>
        <span className="ml-auto flex shrink-0 gap-2">{action}</span>
      </div>
      {children}
    </section>
  )
}
