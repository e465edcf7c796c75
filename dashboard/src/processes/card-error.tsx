// What a process's card could not do, until it is dismissed.
import { CircleAlert, X } from 'lucide-react'
import type { ReactElement } from 'react'
import type { LogboomError } from '../../../src/client/index.ts'
import { Button } from '../ui/button.tsx'

export function CardError({ error, onDismiss }: { error: LogboomError; onDismiss(): void }): ReactElement {
  return (
    <div
      role="alert"
      data-testid="card-error"
      className="flex items-start gap-2 border-t border-line bg-bad/8 px-3 py-2 text-xs"
    >
      <CircleAlert className="mt-px size-3.5 shrink-0 text-bad" aria-hidden />
      <p className="min-w-0 flex-1 wrap-anywhere">
        {error.message} <span className="text-soft">{error.hint}</span>
      </p>
      <Button icon className="-my-1 h-5! w-5!" aria-label="Dismiss" onClick={onDismiss}>
        <X aria-hidden />
      </Button>
    </div>
  )
}
