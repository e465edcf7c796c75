// Syntax tree → the one predicate that decides, for live, stored and exported records alike. It works on columns and
// asks cheap questions first; a batch whose source, run or session rules it out costs nothing per record.
import type { RecordBatch } from '../../contracts/batch.ts'
import type { Query } from '../language/syntax-tree.ts'
import { verbOf } from '../verbs/index.ts'
import type { RowTest, Test } from './row-test.ts'
import { selectRows } from './select-rows.ts'

export interface Predicate {
  (batch: RecordBatch, index: number): boolean
  /** The answer for the whole batch where there is one, else a test of its rows. The batch must not change any more. */
  bind(batch: RecordBatch): boolean | RowTest
}

export function compileQuery(query: Query): Predicate {
  const { bind } = compile(query)
  let last: WeakRef<RecordBatch> | undefined
  let bound: boolean | RowTest = false
  const predicate = (batch: RecordBatch, index: number): boolean => {
    if (last?.deref() !== batch) {
      bound = bind(batch)
      last = new WeakRef(batch)
    }
    return typeof bound === 'boolean' ? bound : bound(index)
  }
  return Object.assign(predicate, { bind })
}

/** The rows that match, ascending. */
export function matchRows(batch: RecordBatch, predicate: Predicate): Uint32Array {
  const { count } = batch
  const test = predicate.bind(batch)
  const rows = new Uint32Array(test === false ? 0 : count)
  let found = 0
  if (test === true) for (; found < count; found++) rows[found] = found
  else if (test) for (let index = 0; index < count; index++) if (test(index)) rows[found++] = index
  return rows.subarray(0, found)
}

/** The matching rows; the batch itself when all match, undefined when none does. */
export function filterBatch(batch: RecordBatch, predicate: Predicate): RecordBatch | undefined {
  const test = predicate.bind(batch)
  if (typeof test === 'boolean') return test && batch.count > 0 ? batch : undefined
  const rows = matchRows(batch, predicate)
  return rows.length === 0 ? undefined : rows.length === batch.count ? batch : selectRows(batch, rows)
}

function compile(query: Query): Test {
  switch (query.type) {
    case 'all':
      return { cost: 0, bind: () => true }
    case 'not': {
      const { cost, bind } = compile(query.item)
      return {
        cost,
        bind(batch) {
          const test = bind(batch)
          return typeof test === 'boolean' ? !test : (index) => !test(index)
        },
      }
    }
    case 'and':
      return combine(query.items, false)
    case 'or':
      return combine(query.items, true)
    case 'condition':
      return verbOf(query.condition).test(query.condition)
  }
}

/** `decisive` is the answer of one item that settles all: true for or, false for and. */
function combine(items: readonly Query[], decisive: boolean): Test {
  const tests = items.map(compile).sort((a, b) => a.cost - b.cost)
  return {
    cost: tests.reduce((sum, test) => sum + test.cost, 0),
    bind(batch) {
      const open: RowTest[] = []
      for (const test of tests) {
        const answer = test.bind(batch)
        if (answer === decisive) return decisive
        if (typeof answer !== 'boolean') open.push(answer)
      }
      const [first, second] = open
      if (!first) return !decisive
      if (!second) return first
      if (open.length === 2) {
        return decisive ? (index) => first(index) || second(index) : (index) => first(index) && second(index)
      }
      return (index) => {
        for (const test of open) if (test(index) === decisive) return decisive
        return !decisive
      }
    },
  }
}
