// Procfile: one `name: command` per line, as Foreman and its kin read it.
import type { Document } from './read-document.ts'
import type { Place, Problem } from './problem.ts'

export function readProcfile(text: string): Document {
  const processes: Record<string, { command: string }> = {}
  const places = new Map<string, Place>()
  const problems: Problem[] = []
  text.split(/\r?\n/).forEach((line, index) => {
    if (/^\s*(#|$)/.test(line)) return
    const match = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/.exec(line)
    const place = { line: index + 1, column: line.search(/\S/) + 1 }
    if (!match?.[2]) {
      problems.push({ path: [], place, message: 'this line is not of the form "name: command"' })
      return
    }
    const [, name, command] = match as unknown as [string, string, string]
    const first = places.get(name)
    if (first) {
      problems.push({ path: ['processes', name], place, message: `this name is already used in line ${first.line}` })
      return
    }
    places.set(name, place)
    processes[name] = { command }
  })
  return { value: { processes }, problems, locate: ([, name]) => places.get(String(name)) }
}
