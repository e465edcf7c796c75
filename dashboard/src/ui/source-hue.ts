// A stable colour per source: the same name has the same hue in every page, session and browser. Reds and ambers are
// left out: they mean trouble.
const hues = [250, 160, 300, 205, 125, 275, 180, 228, 325, 108]

/** Hue in degrees, for the utility class `source-hue` (variable --hue). */
export function sourceHue(name: string): number {
  let hash = 2166136261
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619)
  hash ^= hash >>> 15
  return hues[(hash >>> 0) % hues.length]!
}
