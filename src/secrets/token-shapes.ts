// Tokens that show by their shape what they are: those of well-known services, and JSON Web Tokens. Each is found by one rare
// byte of its beginning.

interface Shape {
  prefix: string
  /** Index in it of the byte by which it is found. */
  place: number
  /** Bytes of a token that follow, at the least. */
  least: number
}

/** Of tokens: letters, digits, `_` and `-`. */
export const tokenBytes: Uint8Array = new Uint8Array(256)
for (let code = 0; code < 128; code++) if (/[\w-]/.test(String.fromCharCode(code))) tokenBytes[code] = 1

/** Bytes by which tokens are found. */
export const tokenTriggers: Uint8Array = new Uint8Array(256)
/** How tokens begin, and by which byte of that each is found. */
export const tokenPrefixes: Pick<Shape, 'prefix' | 'place'>[] = []
/** And the byte in front of each, which leaves hardly any others. */
const pairs = new Uint8Array(65_536)
const dot = 0x2e

const shapes: Shape[][] = Array.from({ length: 256 }, () => [])

function add(least: number, prefixes: string, by?: string): void {
  for (const prefix of prefixes.split(' ')) {
    const place = by === undefined ? prefix.length - 1 : prefix.lastIndexOf(by)
    const code = prefix.charCodeAt(place)
    shapes[code]!.push({ prefix, place, least })
    tokenTriggers[code] = 1
    tokenPrefixes.push({ prefix, place })
    pairs[(prefix.charCodeAt(place - 1) << 8) | code] = 1
  }
}

// Our own; GitHub, Stripe, npm, Hugging Face, DigitalOcean, Shopify; GitLab, Slack, OpenAI and others, PyPI; AWS, Google, SendGrid, JWT.
add(40, 'logboom_')
add(20, 'ghp_ gho_ ghu_ ghs_ ghr_ github_pat_')
add(10, 'sk_live_ rk_live_ sk_test_ rk_test_ whsec_')
add(30, 'npm_ hf_ dop_v1_ shpat_')
add(16, 'glpat-')
add(10, 'xoxb- xoxp- xoxa- xoxr- xoxs- xapp-')
add(20, 'sk-')
add(30, 'pypi-')
add(16, 'AKIA ASIA', 'I')
add(30, 'AIza', 'z')
add(40, 'SG.', 'G')
add(10, 'eyJ', 'J')

/** The token whose telling byte is at `i`, without the beginning that tells it; no longer than `[from, to)`. */
export function tokenAt(
  bytes: Uint8Array,
  i: number,
  from: number,
  to: number,
): { start: number; end: number } | undefined {
  if (i === from || pairs[(bytes[i - 1]! << 8) | bytes[i]!] === 0) return undefined
  for (const { prefix, place, least } of shapes[bytes[i]!]!) {
    const begin = i - place
    if (begin < from || (begin > from && tokenBytes[bytes[begin - 1]!] === 1) || !isAt(bytes, begin, to, prefix))
      continue
    const start = begin + prefix.length
    const hasDots = prefix === 'eyJ' || prefix === 'SG.'
    let end = start
    let dots = 0
    for (; end < to; end++) {
      if (tokenBytes[bytes[end]!] === 1) continue
      if (!hasDots || bytes[end] !== dot || ++dots > 2) break
    }
    // Header, content and signature.
    if (prefix === 'eyJ' && dots < 2) continue
    if (end - start >= least) return { start, end }
  }
  return undefined
}

function isAt(bytes: Uint8Array, at: number, to: number, word: string): boolean {
  if (to - at < word.length) return false
  for (let k = 0; k < word.length; k++) if (bytes[at + k] !== word.charCodeAt(k)) return false
  return true
}
