// The ways in which a text can lie across the border of a template's constant text and its variables: `blk_38` in
// `block blk_<*>`. For each way, one variable and what it then has in it.

export interface Alignment {
  /** Index of the variable. */
  slot: number
  /** The longest piece of the text that lies in one variable. */
  piece: string
}

/** With more ways than these, all rows are taken. */
const mostWays = 64

/**
 * `parts`: constant text before, between and after the variables. All in lower case. Ways inside one part or one variable are left
 * out.
 */
export function alignmentsOf(parts: readonly string[], needle: string): Alignment[] {
  const ways: Alignment[] = []

  /** The needle from `at` on begins with variable `slot`; `best` is the longest piece so far. */
  function inVariable(slot: number, at: number, best: Alignment): void {
    if (ways.length > mostWays) return
    // The needle ends inside this variable.
    ways.push(longer(best, { slot, piece: needle.slice(at) }))
    for (let end = at + 1; end < needle.length; end++)
      afterVariable(slot, end, longer(best, { slot, piece: needle.slice(at, end) }))
  }

  /** Variable `slot` ended at `at` of the needle, which goes on with constant text. */
  function afterVariable(slot: number, at: number, best: Alignment): void {
    const part = parts[slot + 1]!
    const rest = needle.length - at
    if (rest <= part.length) {
      if (part.startsWith(needle.slice(at))) ways.push(best)
    } else if (slot + 2 < parts.length && needle.startsWith(part, at)) inVariable(slot + 1, at + part.length, best)
  }

  for (let slot = 0; slot + 1 < parts.length; slot++) {
    const part = parts[slot]!
    // The needle begins in the constant text before this variable.
    for (let from = Math.max(0, part.length - needle.length + 1); from < part.length; from++) {
      if (needle.startsWith(part.slice(from))) inVariable(slot, part.length - from, { slot, piece: '' })
    }
    // The needle begins inside this variable and ends behind it.
    for (let end = 1; end < needle.length; end++) afterVariable(slot, end, { slot, piece: needle.slice(0, end) })
    if (ways.length > mostWays) return [{ slot: 0, piece: '' }]
  }
  return ways
}

function longer(a: Alignment, b: Alignment): Alignment {
  return b.piece.length > a.piece.length ? b : a
}
