// Keys that work wherever one is not typing. A page registers its own while it is shown; the sheet (`?`) lists them.
import { useEffect, useRef } from 'react'

export interface Shortcut {
  /** Key as the browser names it: `j`, `ArrowDown`, ` `, `?`; `mod+k` for Ctrl or ⌘. */
  key: string
  run(): void
  /** Also while an input has the focus. */
  always?: boolean
}

export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts)
  useEffect(() => {
    latest.current = shortcuts
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return
      const key = event.ctrlKey || event.metaKey ? `mod+${event.key.toLowerCase()}` : event.key
      const found = latest.current.find((shortcut) => shortcut.key === key)
      if (!found || (!found.always && isTaken(event.target, event.key))) return
      event.preventDefault()
      found.run()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

/** True where the key means something to the focused element: text being typed, a button, a dialog or menu that is open. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select')) return true
  if (target.closest('[role=dialog]:not([data-shortcuts]), [role=menu], [role=listbox]')) return true
  return (
    (key === ' ' || key === 'Enter') && target.closest('button, a, summary, [role=checkbox], [role=menuitem]') !== null
  )
}
