// Why something failed and what to do about it, beside what was asked.
import { CircleAlert } from 'lucide-react'
import type { ReactElement } from 'react'
import type { LogboomError } from '../../../src/client/index.ts'

export function Failure({ error }: { error: LogboomError | undefined }): ReactElement | null {
  if (!error) return null
  return (
    <p role="alert" className="flex items-start gap-1.5 text-bad">
      <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
      <span className="min-w-0 wrap-anywhere">
        {error.message} <span className="text-soft">{error.hint}</span>
      </span>
    </p>
  )
}
