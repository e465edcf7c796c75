// The choice of sources; none chosen means all. Counts are of the loaded lines.
import { Check, ChevronDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState, type CSSProperties, type ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { useSourceHue } from '../hub/use-source-hue.ts'
import { formatCount } from '../../../src/text/amounts.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { SearchField } from '../ui/fields/search-field.tsx'

interface SourceFilterProps {
  selected: readonly string[]
  counts: ReadonlyMap<string, number>
  onChange(sources: string[]): void
}

export function SourceFilter({ selected, counts, onChange }: SourceFilterProps): ReactElement {
  const names = useStore(useHub().names)
  const hueOf = useSourceHue()
  const [text, setText] = useState('')
  const all = [...new Set([...names, ...counts.keys(), ...selected])]
  const shown = all.filter((name) => name.toLowerCase().includes(text.toLowerCase()))
  const label =
    selected.length === 0 ? 'All sources' : selected.length === 1 ? selected[0]! : `${selected.length} sources`
  const toggle = (name: string): void =>
    onChange(selected.includes(name) ? selected.filter((one) => one !== name) : [...selected, name])
  return (
    <Popover.Root onOpenChange={() => setText('')}>
      <Popover.Trigger asChild>
        <Button
          look="outline"
          data-testid="source-filter"
          aria-label={`Sources: ${label}`}
          className={classNames('max-w-48', selected.length > 0 && 'border-line-strong! bg-active!')}
        >
          <span className="truncate">{label}</span>
          <ChevronDown className="text-faint" aria-hidden />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Sources"
          data-testid="source-list"
          className="z-40 flex max-h-96 w-64 animate-rise flex-col rounded-lg border border-line bg-raised shadow-float"
        >
          <div className="flex gap-1 border-b border-line p-1.5">
            <SearchField value={text} onChange={setText} label="Find a source" className="flex-1" />
            <Button disabled={selected.length === 0} onClick={() => onChange([])}>
              All
            </Button>
          </div>
          <ul className="min-h-0 overflow-auto p-1">
            {shown.map((name) => (
              <li key={name}>
                <button
                  type="button"
                  role="checkbox"
                  aria-checked={selected.includes(name)}
                  data-testid={`source-option-${name}`}
                  onClick={() => toggle(name)}
                  className="flex w-full items-center gap-2 rounded-md px-2 py-1 text-left text-xs hover:bg-hover"
                >
                  <span
                    className={classNames(
                      'flex size-3.5 shrink-0 items-center justify-center rounded-[4px] border',
                      selected.includes(name) ? 'border-accent bg-accent text-on-accent' : 'border-line-strong',
                    )}
                    aria-hidden
                  >
                    {selected.includes(name) ? <Check className="size-3" strokeWidth={3} /> : null}
                  </span>
                  <span
                    className="source-hue min-w-0 flex-1 truncate font-mono"
                    style={{ '--hue': hueOf(name) } as CSSProperties}
                  >
                    {name}
                  </span>
                  <span className="text-2xs text-faint tabular-nums">{formatCount(counts.get(name) ?? 0)}</span>
                </button>
              </li>
            ))}
            {shown.length === 0 ? (
              <li className="px-2 py-4 text-center text-xs text-soft">No source is called that</li>
            ) : null}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
