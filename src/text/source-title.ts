// A source's name as people read it on its card.

/** `game_control` and the noun `process` → `Game Control Process`; a title from the configuration wins. */
export function sourceTitle(name: string, noun?: string, configured?: string): string {
  if (configured) return configured
  const words = name.split(/[\s._-]+/).filter((word) => word !== '')
  if (words.length === 0) return name
  if (noun !== undefined && words.at(-1)!.toLowerCase() !== noun) words.push(noun)
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}
