// The choice of a module: the name of a logger or source is typed, or taken from those that the panel has.
import { useCallback, useId, useState, type ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { SearchField } from '../ui/fields/search-field.tsx'
import { useTyped } from '../ui/use-typed.ts'
import { panelScope, type PanelName } from './panel-view.ts'

interface ModuleFieldProps {
  panel: PanelName
  module: string
  onChange(module: string): void
}

/** Names offered at most. */
const most = 100

export function ModuleField({ panel, module, onChange }: ModuleFieldProps): ReactElement {
  const { client } = useHub()
  const [text, setText] = useTyped(module, onChange)
  const [names, setNames] = useState<string[]>([])
  const listId = useId()
  const ask = useCallback(() => {
    client.summary({ query: panelScope(panel), facets: ['logger', 'source'], facetLimit: most }).then(
      ({ facets = [] }) => setNames([...new Set(facets.flatMap(({ top }) => top.map(({ value }) => value)))]),
      // Nothing is offered; a name can be typed all the same.
      () => setNames([]),
    )
  }, [client, panel])
  return (
    <>
      <SearchField
        value={text}
        onChange={setText}
        label={`Module of ${panel} lines`}
        placeholder="Module"
        list={listId}
        onFocus={ask}
        data-testid={`${panel}-module`}
        className="w-28 grow"
      />
      <datalist id={listId}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  )
}
