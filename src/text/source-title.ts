// Names as people read them: a source's on its card, a service's in session files.

/** `voice_loop` → `Voice Loop`. */
export function titleCase(name: string): string {
  const words = name.split(/[\s_.-]+/).filter((word) => word !== '')
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || name
}

/** `game_control` and the noun `process` → `Game Control Process`; a title from the configuration wins. */
export function sourceTitle(name: string, noun?: string, configured?: string): string {
  if (configured) return configured
  const title = titleCase(name)
  const isSaid = noun === undefined || title.toLowerCase().split(' ').at(-1) === noun
  return isSaid ? title : `${title} ${titleCase(noun)}`
}
