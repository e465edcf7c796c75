// The examples of docs/query.md are true: each query finds its `+` lines and not its `-` lines, read as output is read.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { stageTypes } from '../stages/index.ts'
import { batchOf } from './batch-harness.ts'
import { compileQuery, matchRows } from './match/compile-query.ts'
import { parseQuery } from './language/parse-query.ts'

const document = readFileSync(path.resolve(import.meta.dirname, '../../docs/query.md'), 'utf8')
const blocks = [...document.matchAll(/^```query\n([\s\S]*?)^```/gm)].map((match) => match[1]!)
const examples = blocks.flatMap((block) => block.split(/^\? /m).slice(1))

test('the document has examples', () => assert.ok(examples.length >= 20))

for (const example of examples) {
  const [query, ...rest] = example.trim().split('\n')
  test(`docs/query.md: ${query}`, () => {
    const lines = rest.map((line) => {
      assert.match(line, /^[+-] ./)
      return { found: line.startsWith('+'), message: line.slice(2) }
    })
    assert.ok(lines.some((line) => line.found) && lines.some((line) => !line.found))
    // A time behind that of the capture is none.
    const now = Date.now()
    let batch = batchOf(lines.map(({ message }) => ({ message, severity: 0, time: now, observed: now })))
    for (const type of stageTypes) batch = type.open(type.options(z).parse({})).apply(batch)
    const rows = [...matchRows(batch, compileQuery(parseQuery(query!)))]
    assert.deepEqual(
      rows.map((row) => lines[row]!.message),
      lines.filter((line) => line.found).map((line) => line.message),
    )
  })
}

test('the table of names is complete: every name that the document gives is understood', () => {
  for (const [, cell] of document.matchAll(/^\| (`.*?`) \|/gm)) {
    for (const [, query] of cell!.matchAll(/`([^`…]+)`/g)) assert.doesNotThrow(() => parseQuery(query!), query)
  }
})
