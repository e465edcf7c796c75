// One source file as the house is measured by: its imports, its functions, its comments, its lines of code. Read with a
// parser, so that neither a string nor a comment is taken for code.
import path from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'

export interface Import {
  /** Path from the root of the repository. */
  file: string
  /** Only types are taken: nothing is loaded. */
  isType: boolean
  /** Loaded on use, or by a worker: no part of the order in which files are loaded. */
  isLater: boolean
}

export interface LongFunction {
  name: string
  line: number
  lines: number
}

export interface Comment {
  line: number
  /** Without the marks of comments, lines joined. */
  text: string
}

export interface Source {
  imports: Import[]
  functions: LongFunction[]
  comments: Comment[]
  /** Lines that have more on them than white space and comments. */
  codeLines: number
}

interface Placed {
  start: number
  end: number
}

/** `file` is the path from the root of the repository. Throws an Error on a text that is not TypeScript. */
export function readSource(file: string, text: string): Source {
  const { program, module, comments, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`)
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  const lineOf = (offset: number): number => lineStarts.findLastIndex((start) => start <= offset) + 1

  const imports: Import[] = []
  const add = (specifier: string, isType: boolean, isLater: boolean): void => {
    if (!/^\.{1,2}\//.test(specifier)) return
    imports.push({ file: path.posix.join(path.posix.dirname(file), specifier), isType, isLater })
  }
  const isTypeStatement = ({ start, end }: Placed): boolean => /^(import|export)\s+type\b/.test(text.slice(start, end))
  for (const statement of module.staticImports) add(statement.moduleRequest.value, isTypeStatement(statement), false)
  for (const statement of module.staticExports) {
    const request = statement.entries.find((entry) => entry.moduleRequest)?.moduleRequest
    if (request) add(request.value, isTypeStatement(statement), false)
  }

  const functions: LongFunction[] = []
  const names = new Map<number, string>()
  const measure = (node: Placed): void => {
    const line = lineOf(node.start)
    functions.push({ name: names.get(node.start) ?? '(anonymous)', line, lines: lineOf(node.end) - line + 1 })
  }
  const nameOf = (key: { type: string; name?: unknown }): string => (typeof key.name === 'string' ? key.name : '…')
  new Visitor({
    VariableDeclarator(node) {
      if (node.init) names.set(node.init.start, nameOf(node.id))
    },
    Property(node) {
      names.set(node.value.start, nameOf(node.key))
    },
    FunctionDeclaration(node) {
      if (node.id) names.set(node.start, node.id.name)
      measure(node)
    },
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
    TSImportType(node) {
      if (typeof node.source.value === 'string') add(node.source.value, true, false)
    },
    ImportExpression(node) {
      if (node.source.type === 'Literal' && typeof node.source.value === 'string') add(node.source.value, false, true)
    },
    NewExpression(node) {
      const [first] = node.arguments
      if (nameOf(node.callee) === 'URL' && first?.type === 'Literal') add(String(first.value), false, true)
    },
  }).visit(program)

  return { imports, functions, comments: joinComments(text, comments, lineOf), codeLines: countCode(text, comments) }
}

/** Line comments on lines that follow each other are one comment. */
function joinComments(
  text: string,
  comments: readonly (Placed & { type: 'Line' | 'Block'; value: string })[],
  lineOf: (offset: number) => number,
): Comment[] {
  const found: (Comment & { end: number })[] = []
  for (const { type, value, start, end } of comments) {
    const before = found.at(-1)
    const isNext = before !== undefined && type === 'Line' && /^[ \t]*\n[ \t]*$/.test(text.slice(before.end, start))
    const said = value
      .replaceAll(/^\s*\* ?|^\*/gm, '')
      .trim()
      .replaceAll(/\s+/g, ' ')
    if (isNext && before) Object.assign(before, { text: `${before.text} ${said}`, end })
    else found.push({ line: lineOf(start), text: said, end: type === 'Line' ? end : -1 })
  }
  return found.map(({ line, text: said }) => ({ line, text: said }))
}

function countCode(text: string, comments: readonly Placed[]): number {
  let code = ''
  let from = 0
  for (const { start, end } of comments) {
    code += text.slice(from, start) + text.slice(start, end).replaceAll(/[^\n]/g, '')
    from = end
  }
  return (code + text.slice(from)).split('\n').filter((line) => line.trim() !== '').length
}
