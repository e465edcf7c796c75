// Marks a line that is captured and not kept: the store cannot be written, so it may yet be lost.
import type { ReactElement } from 'react'

export function NotKept(): ReactElement {
  return (
    <span
      data-testid="not-kept"
      title="The store cannot be written. The line waits in memory and is kept as soon as that is over."
      className="mr-1.5 inline-block rounded border border-dashed border-warn/70 px-1 indent-0 font-sans text-2xs leading-[14px] text-warn"
    >
      not kept yet
    </span>
  )
}
