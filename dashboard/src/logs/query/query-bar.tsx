// The query's input: applied by Enter or a short rest, with the place of an error underlined.
import { CircleHelp, Search, X } from 'lucide-react'
import { Popover } from 'radix-ui'
import type { ReactElement, Ref } from 'react'
import { Button } from '../../ui/button.tsx'
import { useTyped } from '../../ui/use-typed.ts'
import { WrongPlace } from '../../ui/wrong-place.tsx'
import { QueryHelp } from './query-help.tsx'
import type { QueryProblem } from './query-problem.ts'

interface QueryBarProps {
  ref: Ref<HTMLInputElement>
  value: string
  problem: QueryProblem | undefined
  onApply(text: string): void
}

export function QueryBar({ ref, value, problem, onApply }: QueryBarProps): ReactElement {
  const [text, setText] = useTyped(value, onApply)
  const wrong = text === value ? problem : undefined
  return (
    <div className="relative min-w-0 flex-1">
      <div
        className={`flex h-8 items-center gap-2 rounded-md border bg-surface pr-1 pl-2.5 ${wrong ? 'border-bad' : 'border-line focus-within:border-accent'}`}
      >
        <Search className="size-3.5 shrink-0 text-faint" aria-hidden />
        <div className="relative min-w-0 flex-1 font-mono text-xs">
          <input
            ref={ref}
            type="text"
            value={text}
            aria-label="Query"
            aria-invalid={wrong !== undefined}
            aria-describedby={wrong ? 'query-problem' : undefined}
            placeholder='Search: words, "a phrase", level:error, source:api*, -not'
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            data-testid="query-input"
            className="h-7 w-full bg-transparent outline-none placeholder:font-sans"
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') onApply(text)
              else if (event.key === 'Escape') {
                event.stopPropagation()
                event.currentTarget.blur()
              }
            }}
          />
          <WrongPlace text={text} place={wrong?.position} />
        </div>
        {text === '' ? null : (
          <Button icon className="h-6! w-6!" aria-label="Clear the query" onClick={() => onApply('')}>
            <X aria-hidden />
          </Button>
        )}
        <Popover.Root>
          <Popover.Trigger asChild>
            <Button icon className="h-6! w-6!" aria-label="How to write a query">
              <CircleHelp aria-hidden />
            </Button>
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Content
              align="end"
              sideOffset={8}
              collisionPadding={8}
              className="z-40 w-[min(420px,calc(100vw-16px))] animate-rise rounded-lg border border-line bg-raised p-3 shadow-float"
            >
              <QueryHelp onUse={onApply} />
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
      </div>
      {wrong ? (
        <p id="query-problem" role="alert" data-testid="query-error" className="px-0.5 pt-1.5 text-xs">
          <span className="text-bad">{wrong.message}</span> <span className="text-soft">{wrong.hint}</span>
        </p>
      ) : null}
    </div>
  )
}
