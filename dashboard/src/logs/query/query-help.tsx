// The query language by example; a click uses the example.
import type { ReactElement } from 'react'

const examples: [query: string, meaning: string][] = [
  ['connection refused', 'both words, in any case'],
  ['"connection refused"', 'the phrase'],
  ['level:error', 'this level; level>=warning for more'],
  ['source:web*', 'a source, or several'],
  ['stream:stderr', 'one stream'],
  ['status:500', 'a field of structured lines'],
  ['timeout -health', 'the one, not the other'],
  ['(timeout OR refused) since:15m', 'either, in the last minutes'],
]

export function QueryHelp({ onUse }: { onUse(query: string): void }): ReactElement {
  return (
    <>
      <h3 className="px-1.5 pb-1 text-xs font-semibold">Queries</h3>
      <ul>
        {examples.map(([query, meaning]) => (
          <li key={query}>
            <button
              type="button"
              onClick={() => onUse(query)}
              className="flex w-full items-baseline justify-between gap-4 rounded-md px-1.5 py-1 text-left text-xs hover:bg-hover"
            >
              <code className="font-mono whitespace-nowrap text-accent">{query}</code>
              <span className="text-right text-soft">{meaning}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
