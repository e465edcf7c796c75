// Sources are opened once, whoever asks for it first; one that could not be opened is tried again when it is asked for again.
import type { SourceConfig } from '../config/config.ts'

type Opening = (source: SourceConfig) => Promise<void>

/** `openNow` tells whether it is open; `openOnce` gives the promise of who opens the source, or did so: one that failed is tried again. */
export function openingByName(openNow: (source: SourceConfig) => Promise<boolean>): {
  open: Opening
  openOnce: Opening
} {
  const openings = new Map<string, Promise<void>>()
  const open: Opening = (source) => {
    const opening = openNow(source).then((isOpen) => {
      if (!isOpen && openings.get(source.name) === opening) openings.delete(source.name)
    })
    openings.set(source.name, opening)
    return opening
  }
  return { open, openOnce: (source) => openings.get(source.name) ?? open(source) }
}
