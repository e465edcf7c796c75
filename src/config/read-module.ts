// A configuration written in TypeScript or JavaScript: loaded as Node loads it, types stripped.
import { execFile } from 'node:child_process'
import { registerHooks } from 'node:module'
import { basename, dirname, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { siblingUrl } from '../threads/sibling-url.ts'
import { configError, type Place, type Problem } from './problem.ts'
import type { Document } from './read-document.ts'

/** The default export: an object, a promise of one, or a function that gives one. Rejects with `config-invalid`. */
export async function readModule(file: string): Promise<Document> {
  let exported: unknown
  try {
    const module = await importConfig(file)
    exported = module.default
    if (typeof exported === 'function') exported = await (exported as () => unknown)()
    exported = await exported
  } catch (error) {
    throw configError(basename(file), [await problemOf(error, file)], error)
  }
  const problems: Problem[] = []
  if (exported === undefined) {
    problems.push({ path: [], message: 'has no default export; write: export default defineConfig({ … })' })
  }
  return { value: exported, problems, locate: () => undefined }
}

/** `import { defineConfig } from 'logboom'` means this very Logboom, whether the project has it installed or not. */
async function importConfig(file: string): Promise<{ default?: unknown }> {
  const self = siblingUrl(import.meta.url, '../index').href
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'logboom' ? { url: self, shortCircuit: true } : next(specifier, context),
  })
  // Whether the project says "type": "module" is its own affair and nothing to tell at every start.
  const emitWarning = process.emitWarning.bind(process) as (...parts: unknown[]) => void
  process.emitWarning = (...parts: unknown[]) => {
    if (!JSON.stringify(parts).includes('MODULE_TYPELESS_PACKAGE_JSON')) emitWarning(...parts)
  }
  try {
    return (await import(pathToFileURL(file).href)) as { default?: unknown }
  } finally {
    process.emitWarning = emitWarning as typeof process.emitWarning
    hooks.deregister()
  }
}

/** The error's own words, with the line in the configuration (or in a file that it imports) that it came from. */
async function problemOf(error: unknown, file: string): Promise<Problem> {
  if (!(error instanceof Error)) return { path: [], message: `throws ${String(error)}` }
  const stack = error.stack ?? ''
  let found = placeIn(stack)
  if (!found && error instanceof SyntaxError) found = placeIn(await checkSyntax(file))
  const name = error.name === 'Error' ? '' : `${error.name}: `
  const message = name + error.message.trim()
  if (!found) return { path: [], message }
  if (found.file === file) return { path: [], place: found.place, message }
  const other = relative(dirname(file), found.file)
  return { path: [], message: `${message} (at ${other}:${found.place.line}:${found.place.column})` }
}

/** The first place outside of Node and of packages that a stack names. */
function placeIn(stack: string): { file: string; place: Place } | undefined {
  for (const line of stack.split('\n')) {
    const match = /(?:^|[\s(])(file:\/\/[^\s)]+?|\/[^\s():]+?|[A-Za-z]:[\\/][^():]+?):(\d+)(?::(\d+))?\)?\s*$/.exec(
      line,
    )
    if (!match || /[\\/]node_modules[\\/]/.test(match[1]!)) continue
    const file = match[1]!.startsWith('file:') ? fileURLToPath(match[1]!) : match[1]!
    if (file.startsWith(import.meta.dirname)) continue
    return { file, place: { line: Number(match[2]), column: Number(match[3] ?? 1) } }
  }
  return undefined
}

/** Node keeps the line of a syntax error to itself, except when it prints it. */
function checkSyntax(file: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--check', file], (_error, _stdout, stderr) => resolve(stderr))
  })
}
