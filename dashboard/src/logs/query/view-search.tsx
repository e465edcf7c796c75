// The search of a list of lines in a row of other filters; what is wrong with it stands in a line of its own below them.
import { useCallback, useId, type ReactElement, type RefObject } from 'react'
import { SearchField } from '../../ui/fields/search-field.tsx'
import { useTyped } from '../../ui/use-typed.ts'
import type { Lines } from '../use-lines.ts'
import type { ListState } from '../use-list-state.ts'
import { queryProblem } from './query-problem.ts'

interface ViewSearchProps {
  page: ListState
  lines: Lines
  input: RefObject<HTMLInputElement | null>
  label: string
  placeholder?: string
  testId: string
  className: string
}

export function ViewSearch({
  page,
  lines,
  input,
  label,
  placeholder,
  testId,
  className,
}: ViewSearchProps): ReactElement {
  const { view, change } = page
  const apply = useCallback((q: string) => change({ q }), [change])
  const [text, setText] = useTyped(view.q, apply)
  // Text that is still being typed is not wrong yet.
  const problem = text === view.q ? queryProblem(view, lines.snapshot.error) : undefined
  const problemId = useId()
  return (
    <>
      <SearchField
        ref={input}
        value={text}
        onChange={setText}
        label={label}
        placeholder={placeholder ?? label}
        wrongPlace={problem?.position}
        aria-invalid={problem !== undefined}
        aria-describedby={problem ? problemId : undefined}
        data-testid={testId}
        className={className}
      />
      {problem ? (
        <p
          id={problemId}
          role="alert"
          data-testid="view-query-error"
          className="order-last basis-full text-xs wrap-anywhere"
        >
          <span className="text-bad">{problem.message}</span> <span className="text-soft">{problem.hint}</span>
        </p>
      ) : null}
    </>
  )
}
