// Knows what is right about numbered lines (print-numbers.ts): for each prefix every number once and in order.
import assert from 'node:assert/strict'

export interface NumberOracle {
  /** A line's text; lines of others are passed over. `id`: of its record, to be told with a fault. */
  take(text: string, id?: number): void
  /** How many lines of a prefix there were. */
  count(prefix: string): number
  /** Throws with the first faults when a prefix has not exactly the numbers from 0 to below `printed`. */
  assertComplete(printed: ReadonlyMap<string, number>): void
}

const shape = /(\S+) n=(\d+) order (\d+) of basket (\d+)$/

/** `where`, for people: 'the store'. */
export function numberOracle(where: string): NumberOracle {
  const next = new Map<string, number>()
  const faults: string[] = []
  return {
    take(text, id) {
      if (!text.includes(' n=')) return
      const match = shape.exec(text)
      const number = Number(match?.[2])
      if (!match || Number(match[3]) !== number * 7 || Number(match[4]) !== number % 97) {
        faults.push(`a torn line: ${JSON.stringify(text.slice(0, 200))}`)
        return
      }
      const prefix = match[1]!
      const expected = next.get(prefix) ?? 0
      if (number !== expected) faults.push(`${prefix}: ${number} (id ${id}) came where ${expected} was due`)
      next.set(prefix, number + 1)
    },
    count: (prefix) => next.get(prefix) ?? 0,
    assertComplete(printed) {
      const some = faults.slice(0, 10).join('\n')
      assert.equal(faults.length, 0, `${where} has ${faults.length} faults:\n${some}`)
      assert.deepEqual(next, new Map([...printed].filter(([, count]) => count > 0)), `${where}: lines per prefix`)
    },
  }
}
