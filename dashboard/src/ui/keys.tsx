// Keys as they are printed on a keyboard: `⌘ K` is two caps.
import type { ReactElement } from 'react'

export function Keys({ keys }: { keys: string }): ReactElement {
  return (
    <span className="inline-flex gap-0.5">
      {keys.split(' ').map((key) => (
        <kbd
          key={key}
          className="inline-flex h-[18px] min-w-[18px] items-center justify-center rounded border border-line bg-sunken px-1 font-sans text-2xs text-soft"
        >
          {key}
        </kbd>
      ))}
    </span>
  )
}
