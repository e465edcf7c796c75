// A place with nothing to show: what it is for, and what to do.
import type { LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'

interface EmptyStateProps {
  icon: LucideIcon
  title: string
  children?: ReactNode
  tone?: 'calm' | 'bad'
}

export function EmptyState({ icon: Icon, title, children, tone = 'calm' }: EmptyStateProps): ReactElement {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-2 p-8 text-center">
      <Icon className={tone === 'bad' ? 'size-6 text-bad' : 'size-6 text-faint'} strokeWidth={1.5} aria-hidden />
      <p className="text-sm font-medium">{title}</p>
      <div className="flex max-w-96 flex-col items-center gap-3 text-xs text-soft">{children}</div>
    </div>
  )
}
