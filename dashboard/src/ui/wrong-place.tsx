// The underline of a mistake in an input, laid over its text; the input's parent is `relative`.
import type { ReactElement } from 'react'

interface WrongPlaceProps {
  text: string
  place: { from: number; to: number } | undefined
}

export function WrongPlace({ text, place }: WrongPlaceProps): ReactElement | null {
  if (!place) return null
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute inset-0 flex items-center overflow-hidden whitespace-pre text-transparent"
    >
      {text.slice(0, place.from)}
      <span
        className="underline decoration-bad decoration-wavy decoration-1 underline-offset-3"
        data-testid="query-error-place"
      >
        {text.slice(place.from, place.to) || ' '}
      </span>
    </span>
  )
}
