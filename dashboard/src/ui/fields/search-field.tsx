// A small search input with a magnifier, cleared by Escape or its cross.
import { Search, X } from 'lucide-react'
import type { ComponentProps, ReactElement } from 'react'
import { classNames } from '../class-names.ts'
import { WrongPlace } from '../wrong-place.tsx'

interface SearchFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  value: string
  onChange(value: string): void
  label: string
  /** Of a mistake in the value. */
  wrongPlace?: { from: number; to: number } | undefined
}

export function SearchField({
  value,
  onChange,
  label,
  wrongPlace,
  className,
  ...rest
}: SearchFieldProps): ReactElement {
  return (
    <label
      className={classNames(
        'flex h-7 min-w-0 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-xs focus-within:border-accent',
        className,
      )}
    >
      <Search className="size-3.5 shrink-0 text-faint" aria-hidden />
      <span className="relative min-w-0 flex-1">
        <input
          type="search"
          value={value}
          aria-label={label}
          placeholder={label}
          spellCheck={false}
          autoComplete="off"
          className="w-full min-w-0 bg-transparent outline-none"
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            if (value === '') event.currentTarget.blur()
            else onChange('')
          }}
          {...rest}
        />
        <WrongPlace text={value} place={wrongPlace} />
      </span>
      {value === '' ? null : (
        <button
          type="button"
          aria-label={`Clear: ${label}`}
          className="text-faint hover:text-text"
          onClick={() => onChange('')}
        >
          <X className="size-3.5" aria-hidden />
        </button>
      )}
    </label>
  )
}
