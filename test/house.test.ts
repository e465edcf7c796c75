// The figures of `npm run house`, on small trees whose figures are known.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findCircles, longestChain } from '../scripts/house/import-graph.ts'
import { measureHouse } from '../scripts/house/measure-house.ts'
import { readSource } from '../scripts/house/read-source.ts'

test('imports of every form are read, with whether they load anything now', () => {
  const text = [
    "import { a,\n  type B } from './a.ts'",
    "import type { C } from '../c.ts'",
    "import './d.ts'",
    "export * from './e.ts'",
    "export type { F } from './f.ts'",
    "const g = () => import('./g.ts')",
    "type H = import('./h.ts').H",
    "new Worker(new URL('./i.ts', import.meta.url))",
    "// import './x.ts'",
    'const text = "import \'./x.ts\'"',
    "import 'zod'",
  ].join('\n')
  const kinds = readSource('src/room/file.ts', text).imports.map(
    ({ file, isType, isLater }) => `${file}${isType ? ' type' : ''}${isLater ? ' later' : ''}`,
  )
  assert.deepEqual(kinds.sort(), [
    'src/c.ts type',
    'src/room/a.ts',
    'src/room/d.ts',
    'src/room/e.ts',
    'src/room/f.ts type',
    'src/room/g.ts later',
    'src/room/h.ts type',
    'src/room/i.ts later',
  ])
})

test('comments on lines that follow each other are one, and lines of code have code on them', () => {
  const text =
    '// First line\n// and second.\n\n/** A shape,\n * with two lines. */\nconst a = 1 // Beside it.\n/* x */ const b = 2\n'
  const { comments, codeLines } = readSource('src/a.ts', text)
  assert.deepEqual(
    comments.map(({ line, text: said }) => `${line} ${said}`),
    ['1 First line and second.', '4 A shape, with two lines.', '6 Beside it.', '7 x'],
  )
  assert.equal(codeLines, 2)
})

test('circles and the longest chain are found', () => {
  const graph = new Map([
    ['a', ['b', 'd']],
    ['b', ['c']],
    ['c', ['b', 'e']],
    ['d', ['e']],
    ['e', []],
  ])
  assert.deepEqual(findCircles(graph), [['b', 'c']])
  assert.equal(longestChain(graph).join(' '), 'a b c e')
})

test('long functions, loose files, full folders and riddles are told with their places', () => {
  const long = `// A file.\nfunction far() {\n${'  run()\n'.repeat(100)}}\n/** It is far. */\nfar()\n`
  const many = Array.from({ length: 21 }, (_, index): [string, string] => [`src/room/f${index}.ts`, '// A file.\n'])
  const figures = measureHouse(new Map([['src/far.ts', long], ['src/index.ts', ''], ['src/far.test.ts', ''], ...many]))
  assert.deepEqual(figures.longFunctions, [{ place: 'src/far.ts:2', name: 'far', lines: 102 }])
  assert.deepEqual(figures.looseFiles, ['src/far.ts'])
  assert.deepEqual(figures.fullFolders, [{ folder: 'src/room', files: 21 }])
  assert.deepEqual(figures.riddles, [{ place: 'src/far.ts:104', text: 'It is far.' }])
})
