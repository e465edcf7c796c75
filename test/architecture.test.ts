// Keeps the house in order: who may import whom, how long a file may grow, what files and folders are called. The rules
// are a pure function over a tree of texts, so that the same function is also shown a tree that breaks each of them.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { measureHouse } from '../scripts/house/measure-house.ts'

/** The floors of src, lowest first. Rooms on one floor are siblings; imports point down only. */
const floors: readonly string[][] = [
  ['system'],
  ['contracts'],
  ['time', 'text'],
  ['json'],
  ['syslog', 'secrets'],
  ['query'],
  ['wire'],
  ['client'],
  ['threads'],
  ['supervise', 'tail', 'files', 'listen', 'journal', 'docker', 'jobs'],
  ['sources', 'stages', 'sinks', 'stores'],
  ['shape'],
  ['captures'],
  ['pipeline'],
  ['storage'],
  ['live'],
  ['analysis', 'access'],
  ['dialects', 'intakes', 'mcp'],
  ['server'],
  ['config'],
  ['hub'],
  ['agent'],
  ['cli', 'index'],
]

/** Mechanisms that only sources may lean on. */
const apart: readonly [from: string, to: string][] = ['stages', 'sinks', 'stores'].flatMap((from) =>
  ['supervise', 'files', 'listen', 'journal', 'docker', 'jobs'].map((to): [string, string] => [from, to]),
)

/** A configuration's `import … from 'logboom'` is pointed at the package's own front door: an address, no dependency. */
const exempt = new Set(['src/config/read-module.ts imports src/index'])

/** Rooms that the dashboard may import from; of the contracts it needs the types. */
const dashboardMayImport = ['text', 'time', 'client', 'contracts']

/** Rooms that the logger may import from: its lines are those of the hub, in the same formats. */
const loggerMayImport = ['contracts', 'json', 'sinks', 'text', 'time', 'wire']

/** Functions of more than a hundred lines, ten at most, each with its reason. */
const longFunctions = new Map([
  ['src/captures/capture.ts openCapture', 'a driver of one file that is read; the rules are in tail/ and shape/'],
  ['src/files/file-follower.ts openFileFollower', 'a driver of looks at files; the rule is compare-looks.ts'],
  [
    'src/json/json-record.ts openRecordReader',
    'the inner loop of taking in JSON: with its state passed around it took 1.05 of the CPU',
  ],
  [
    'src/live/channel.ts openChannel',
    'a queue, what is held of it and its seats, which share places; the rules are in thin/',
  ],
  ['src/live/follow.ts openFollow', 'a driver of one follower; the rule is follow-rule.ts'],
  [
    'src/pipeline/ingest.ts openIngest',
    'bodies under way, whose places and answers all calls share; to be taken apart',
  ],
  [
    'src/pipeline/pipeline.ts openPipeline',
    'puts tails, pushes, bodies and backlog together, which have files of their own',
  ],
  ['src/sinks/log-directory.ts openLogDirectory', 'one list of open files that all calls share; to be taken apart'],
  [
    'src/sinks/rotating-file.ts openRotatingFile',
    'one state of a name: its runs, its parts, its trouble; the file itself is appended-file.ts',
  ],
  ['src/stores/local/open-local-store.ts open', 'puts the store together out of its rooms'],
  ['src/tail/tail.ts openTail', 'a driver of one file; the rules are next-lines.ts, position.ts and content.ts'],
])

/** Files in the longest chain of imports. */
const deepestWithTypes = 21
const deepestByValue = 16
/** Percent of all comments. */
const mostRiddles = 1

const forbiddenFolders = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'manager',
  'managers',
  'shared',
  'misc',
])
const maximumLines = 400
/** Tests, and what the tests of a room share; neither is published. */
const ofTests = /(\.test|-harness)\.tsx?$/

/** Every thread of a hub would hold its own copy of these, loaded at each start; the threads behind the main one need none. */
const ofMainThread = ['zod', 'fastify', '@fastify/static', 'ws', 'socket.io', 'engine.io', 'commander', 'yaml']
const workers = [
  'src/storage/storage-worker.ts',
  'src/storage/search-worker.ts',
  'src/stores/local/keep/house-worker.ts',
]

type Tree = ReadonlyMap<string, string>

/** Specifiers of static and dynamic imports, re-exports, and of modules named by URL (workers). */
function importsOf(text: string): string[] {
  const patterns = [
    /^(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]/g,
    /\bnew URL\(\s*['"](\.[^'"]+\.tsx?)['"]\s*,\s*import\.meta\.url/g,
    /\b(?:startWorker|siblingUrl)\(\s*import\.meta\.url\s*,\s*['"]([^'"]+)['"]/g,
  ]
  const code = text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '')
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]!))
}

/** Specifiers that are loaded together with the file: neither types nor what is imported later, on use. */
function loadedBy(text: string): string[] {
  const code = text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '')
  const pattern = /^(?:import|export)\s(?!\s*type\b)(?:[^'"`;]*?\bfrom\s*)?['"]([^'"]+)['"]/gm
  return [...code.matchAll(pattern)].map((match) => match[1]!)
}

/** For each package and file that `entry` loads as it starts: the chain of files that leads there. */
function loadedFrom(tree: Tree, entry: string): ReadonlyMap<string, string> {
  const chains = new Map([[entry, entry]])
  // A map goes on to what is added while it is walked.
  for (const [file, chain] of chains) {
    for (const specifier of loadedBy(tree.get(file) ?? '')) {
      const target = specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier
      if (!chains.has(target)) chains.set(target, `${chain} → ${target}`)
    }
  }
  return chains
}

/** The room of a file: the longest name in `floors` that it is or lies under; its top name when there is none. */
function roomOf(file: string): string {
  const name = file.replace(/^src\//, '').replace(/(\.test)?\.\w+$/, '')
  const owners = floors.flat().filter((room) => name === room || name.startsWith(`${room}/`))
  return owners.sort((a, b) => b.length - a.length)[0] ?? name.split('/')[0]!
}

function floorOf(room: string): number {
  return floors.findIndex((rooms) => rooms.includes(room))
}

function mayImport(from: string, to: string): boolean {
  if (from === to) return true
  if (apart.some(([a, b]) => a === from && b === to)) return false
  return floorOf(from) > floorOf(to)
}

function importViolations(file: string, text: string): string[] {
  const found: string[] = []
  for (const specifier of importsOf(text)) {
    if (!specifier.startsWith('.')) continue
    const target = path.posix.join(path.posix.dirname(file), specifier)
    if (exempt.has(`${file} imports ${target}`)) continue
    if (ofTests.test(target)) found.push(`${file} imports ${target}, which is for tests`)
    const inDashboard = file.startsWith('dashboard/')
    const inLogger = file.startsWith('logger/')
    if (!target.startsWith('src/')) {
      const own = inDashboard ? 'dashboard/' : inLogger ? 'logger/' : file.startsWith('src/') ? 'src/' : ''
      const outside = !target.startsWith(own)
      if (outside && !/^package\.json$/.test(target))
        found.push(`${file} imports ${target}, which is outside of its part`)
      continue
    }
    const to = roomOf(target)
    if (inDashboard) {
      if (!dashboardMayImport.includes(to)) found.push(`${file} imports ${target}: the dashboard may not`)
    } else if (inLogger) {
      if (!loggerMayImport.includes(to)) found.push(`${file} imports ${target}: the logger may not`)
    } else if (file.startsWith('src/') && floorOf(to) >= 0 && !mayImport(roomOf(file), to)) {
      found.push(`${file} (${roomOf(file)}) imports ${target} (${to}): imports point down only`)
    }
  }
  return found
}

function nameViolations(file: string): string[] {
  const folders = file.split('/')
  const name = folders.pop()!
  const found = folders
    .filter((folder) => forbiddenFolders.has(folder))
    .map((folder) => `${file}: no folder "${folder}"`)
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/
  const wrong = [...folders, name.split('.')[0]!].filter((part) => !kebab.test(part))
  return [...found, ...wrong.map((part) => `${file}: "${part}" is not kebab-case`)]
}

function violations(tree: Tree): string[] {
  const found: string[] = []
  for (const [file, text] of tree) {
    found.push(...nameViolations(file))
    const lines = text.split('\n').length - 1
    if (lines > maximumLines) found.push(`${file} has ${lines} lines, more than ${maximumLines}`)
    if (!/\.tsx?$/.test(file)) continue
    const isTest = ofTests.test(file)
    if (/^(src|logger)\//.test(file) && !isTest && !/^(#!.*\n)?(\/\/|\/\*)/.test(text))
      found.push(`${file} does not open with a comment`)
    if (file.startsWith('src/') && floorOf(roomOf(file)) < 0) found.push(`${file}: no floor for "${roomOf(file)}"`)
    if (!isTest) found.push(...importViolations(file, text))
  }
  return found
}

function readTree(): Tree {
  const root = path.resolve(import.meta.dirname, '..')
  const files = globSync('{src,logger/src,dashboard,test,bench}/**/*.{ts,tsx,css}', {
    cwd: root,
    exclude: ['**/node_modules/**'],
  })
  const read = (file: string): [string, string] => [
    file.replaceAll(path.sep, '/'),
    readFileSync(path.join(root, file), 'utf8'),
  ]
  return new Map(files.map(read))
}

test('the tree keeps the rules of the house', () => {
  const tree = readTree()
  assert.ok(tree.size > 15, 'the sources were found')
  assert.deepEqual(violations(tree), [])
})

test('no circles of imports, no loose files, no folder too full', () => {
  const { circles, looseFiles, fullFolders } = measureHouse(
    new Map([...readTree()].filter(([file]) => /^(src|logger\/src|dashboard\/src)\//.test(file))),
  )
  assert.deepEqual({ circles, looseFiles, fullFolders }, { circles: [], looseFiles: [], fullFolders: [] })
})

test('no function grows too long, no chain of imports too deep, no comment a riddle', () => {
  const figures = measureHouse(
    new Map([...readTree()].filter(([file]) => /^(src|logger\/src|dashboard\/src)\//.test(file))),
  )
  const found = figures.longFunctions.map(({ place, name }) => `${place.replace(/:\d+$/, '')} ${name}`)
  assert.deepEqual(
    found.filter((name) => !longFunctions.has(name)),
    [],
    'take it apart, or name it with a reason in `longFunctions`',
  )
  assert.deepEqual(
    [...longFunctions.keys()].filter((name) => !found.includes(name)),
    [],
    'no longer too long: take it off `longFunctions`',
  )
  const { depthWithTypes, depthByValue, riddles, comments } = figures
  assert.ok(depthWithTypes.length <= deepestWithTypes, depthWithTypes.join(' → '))
  assert.ok(depthByValue.length <= deepestByValue, depthByValue.join(' → '))
  const share = (riddles.length / comments) * 100
  assert.ok(share <= mostRiddles, `${share.toFixed(1)} % of the comments open with a pronoun: npm run house -- --all`)
})

test('imports of every form are seen, those in comments are not', () => {
  const text = [
    "import { a,\n  type B } from './a.ts'",
    "import './b.ts'",
    "export * from './c.ts'",
    "const d = await import('./d.ts')",
    "type E = import('./e.ts').E",
    "new Worker(new URL('./f.ts', import.meta.url))",
    "startWorker(import.meta.url, './g', data)",
    "// import { x } from './x.ts', or import('./x.ts')",
    "/** import('./x.ts')\n * new URL('./x.ts', import.meta.url) */",
  ].join('\n')
  const expected = ['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './g']
  assert.deepEqual(importsOf(text).sort(), expected)
})

test('workers load nothing that only the main thread needs', () => {
  const tree = readTree()
  for (const worker of workers) {
    const chains = loadedFrom(tree, worker)
    const files = [...chains.keys()].filter((file) => file.startsWith('src/'))
    assert.ok(files.length > 3 && files.every((file) => tree.has(file)), `${worker} was followed: ${files.join(', ')}`)
    assert.deepEqual(
      ofMainThread.flatMap((name) => chains.get(name) ?? []),
      [],
    )
  }
})

test('what a file loads is followed, types and what is loaded on use are not', () => {
  const worker = [
    "import { a,\n  type B } from './room/a.ts'",
    "import type { C } from './c.ts'",
    "import './d.ts'",
    "export type { E } from './e.ts'",
    "const f = () => import('./f.ts')",
    "// import './g.ts'",
    "import {type H} from './h.ts'",
  ].join('\n')
  const tree = new Map([
    ['src/worker.ts', worker],
    ['src/room/a.ts', "export * from '../i.ts'"],
    ['src/i.ts', "import { z } from 'zod'\nimport './worker.ts'"],
  ])
  const loaded = ['src/worker.ts', 'src/room/a.ts', 'src/d.ts', 'src/h.ts', 'src/i.ts', 'zod']
  assert.deepEqual([...loadedFrom(tree, 'src/worker.ts').keys()], loaded)
  assert.equal(loadedFrom(tree, 'src/worker.ts').get('zod'), 'src/worker.ts → src/room/a.ts → src/i.ts → zod')
})

const clean = '// A file.\n'
const broken: Record<string, [file: string, text: string, complaint: RegExp]> = {
  'a contract that knows a part': ['src/contracts/store.ts', "import '../stores/index.ts'", /point down/],
  'a store that knows a sink': ['src/stores/local/x.ts', "import '../../sinks/index.ts'", /point down/],
  'a stage that knows supervision': ['src/stages/x.ts', "import type { X } from '../supervise/x.ts'", /point down/],
  'supervision that knows its source': ['src/supervise/x.ts', "await import('../sources/process.ts')", /point down/],
  'live that knows the server': ['src/live/x.ts', "export { x } from '../server/x.ts'", /point down/],
  'a store that opens the storage': ['src/stores/x.ts', "import '../storage/open-storage.ts'", /point down/],
  'a server that starts a worker above it': [
    'src/server/x.ts',
    "startWorker(import.meta.url, '../hub/hub', data)",
    /point down/,
  ],
  'a configuration that reads the catalogue': ['src/config/x.ts', "import '../hub/catalogue.ts'", /point down/],
  'a product that needs a harness': ['src/live/x.ts', "import './follow-harness.ts'", /for tests/],
  'a product that needs its tests': ['src/hub/hub.ts', "import '../../test/x.ts'", /outside/],
  'a logger that reaches into the store': ['logger/src/x.ts', "// A file.\nimport '../../src/stores/x.ts'", /may not/],
  'a dashboard that reaches into the server': ['dashboard/src/x.tsx', "import '../../src/server/x.ts'", /may not/],
  'a room nobody planned': ['src/attic/x.ts', '', /no floor/],
  'a drawer for everything': ['src/server/utils/x.ts', '', /no folder "utils"/],
  'a name in another case': ['src/server/textLine.ts', '', /kebab-case/],
  'a file that grew too long': ['test/x.ts', 'x\n'.repeat(400), /401 lines/],
}

test('each rule catches what breaks it', () => {
  for (const [title, [file, text, complaint]] of Object.entries(broken)) {
    const found = violations(new Map([[file, clean + text]]))
    assert.equal(found.length, 1, `${title}: ${found.join('; ')}`)
    assert.match(found[0]!, complaint, title)
  }
  assert.match(violations(new Map([['src/tail/x.ts', "import 'x'"]]))[0] ?? '', /open with a comment/)
})

test('what is allowed is not complained about', () => {
  const allowed: [file: string, text: string][] = [
    ['src/sources/process.ts', "import { x } from '../supervise/x.ts'"],
    ['src/live/follow.ts', "import type { Storage } from '../contracts/storage.ts'"],
    ['src/storage/storage-worker.ts', "import { x } from '../stores/index.ts'"],
    ['src/query/batch-harness.ts', "import { x } from '../wire/x.ts'"],
    ['src/stores/memory/x.test.ts', "import { x } from '../../sinks/index.ts'"],
    ['dashboard/src/x.tsx', "import type { X } from '../../src/contracts/source.ts'"],
  ]
  assert.deepEqual(violations(new Map(allowed.map(([file, text]) => [file, clean + text]))), [])
})

test('ARCHITECTURE.md names only what is there', () => {
  const root = path.resolve(import.meta.dirname, '..')
  const text = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8')
  const named = [...text.matchAll(/`([a-z][\w/-]*(?:\.ts|\/))`/g)].map((match) => match[1]!)
  assert.ok(named.length > 20)
  const isThere = (name: string): boolean => ['src', ''].some((folder) => existsSync(path.join(root, folder, name)))
  assert.deepEqual(
    named.filter((name) => !isThere(name)),
    [],
  )
})
