// A stable colour per source: the same name has the same hue in every page, session and browser. Reds are left out, they
// mean errors.
const hues = [250, 160, 75, 300, 200, 120, 50, 275, 180, 95, 320, 225]

/** Hue in degrees, for the utility class `source-hue` (variable --hue). */
export function sourceHue(name: string): number {
  let hash = 2166136261
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619)
  hash ^= hash >>> 15
  return hues[(hash >>> 0) % hues.length]!
}
