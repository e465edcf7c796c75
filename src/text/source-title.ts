// Names as people read them: a source's on its card, a service's in session files.

/** `voice_loop` → `Voice Loop`. */
export function titleCase(name: string): string {
  const words = name.split(/[\s_.-]+/).filter((word) => word !== '')
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || name
}

/** `game_control` → `Game Control Process`; a title from the configuration wins. */
export function sourceTitle(name: string, type: string, configured?: string): string {
  if (configured) return configured
  const title = titleCase(name)
  return type !== 'process' || /(^| )process$/i.test(title) ? title : `${title} Process`
}
