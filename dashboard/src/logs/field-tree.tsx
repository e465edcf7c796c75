// The fields of a structured line as a tree; a click on a value searches for it.
import type { ReactElement } from 'react'
import { formatJson, valuesOfKey, WrittenNumber } from '../../../src/client/index.ts'
import { quoted } from './view.ts'

interface FieldTreeProps {
  value: Record<string, unknown>
  path?: string
  onNarrow(term: string): void
}

export function FieldTree({ value, path = '', onNarrow }: FieldTreeProps): ReactElement {
  return (
    <dl className="text-xs">
      {entriesOf(value).map(([key, child], at) => {
        const name = path === '' ? key : `${path}.${key}`
        const branch = isBranch(child)
        return (
          <div key={at} className={branch ? '' : 'grid grid-cols-[minmax(64px,auto)_minmax(0,1fr)] gap-x-3'}>
            <dt className="py-0.5 text-soft">{key}</dt>
            <dd className={branch ? 'border-l border-line pl-3' : 'min-w-0'}>
              {branch ? (
                <FieldTree value={child as Record<string, unknown>} path={name} onNarrow={onNarrow} />
              ) : (
                <Leaf name={name} value={child} onNarrow={onNarrow} />
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

/** A key that repeats, with each of its values. */
function entriesOf(value: Record<string, unknown>): [key: string, value: unknown][] {
  return Object.entries(value).flatMap(([key, values]) =>
    valuesOfKey(values).map((each): [string, unknown] => [key, each]),
  )
}

function isBranch(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber)
}

function Leaf({ name, value, onNarrow }: { name: string; value: unknown; onNarrow(term: string): void }): ReactElement {
  const text = typeof value === 'string' ? value : formatJson(value)
  const isSingle = ['string', 'number', 'boolean'].includes(typeof value) || value instanceof WrittenNumber
  const simple = /^[\w.-]+$/.test(name) && isSingle && text.length < 200
  const color = typeof value === 'string' ? 'text-text' : 'text-accent'
  if (!simple)
    return <span className={`block py-0.5 font-mono wrap-anywhere whitespace-pre-wrap ${color}`}>{text}</span>
  return (
    <button
      type="button"
      title="Search for this"
      className={`w-full rounded py-0.5 text-left font-mono wrap-anywhere whitespace-pre-wrap hover:bg-hover ${color}`}
      // A field may be called as a part of the record or a verb is.
      onClick={() => onNarrow(`fields.${name}:${/^[\w.-]+$/.test(text) ? text : quoted(text)}`)}
    >
      {text}
    </button>
  )
}
