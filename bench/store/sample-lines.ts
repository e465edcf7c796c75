// The lines that the generator takes as its model: those of ../shared/data/loghub-2k (real logs with their true templates)
// when that folder is there, else lines made from templates of our own.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ownSamples } from './own-samples.ts'
import { parseCsv } from '../parse-csv.ts'

export interface SampleLine {
  level: string
  logger: string
  /** The constant parts of the message; `values[i]` stands between `parts[i]` and `parts[i + 1]`. */
  parts: string[]
  values: string[]
  /** Names the template within its source. */
  template: string
}

/** Lines of one source, in the order in which they were printed. */
export interface SampleSource {
  name: string
  /** How much it prints, beside the others. */
  weight: number
  lines: SampleLine[]
}

const weights: Record<string, number> = { hdfs: 8, openstack: 6, hadoop: 5, openssh: 4, bgl: 3, linux: 2, apache: 1 }

/** Beside the project's folder, never part of it. */
export const sampleDirectory: string = path.resolve(import.meta.dirname, '../../../shared/data/loghub-2k')

export function loadSamples(directory: string = sampleDirectory): SampleSource[] {
  if (!existsSync(directory)) return ownSamples()
  const samples = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      name: name.toLowerCase(),
      weight: weights[name.toLowerCase()] ?? 1,
      lines: readSource(path.join(directory, name)),
    }))
  return samples.length > 0 ? samples : ownSamples()
}

function readSource(directory: string): SampleLine[] {
  const file = readdirSync(directory).find((name) => name.includes('structured') && name.endsWith('.csv'))
  if (file === undefined) throw new Error(`There is no table of structured lines in ${directory}`)
  const [head, ...rows] = parseCsv(readFileSync(path.join(directory, file), 'utf8'))
  const columns = Object.fromEntries(head!.map((name, i) => [name, i]))
  return rows.map((row) => {
    const cell = (name: string): string => row[columns[name] ?? -1] ?? ''
    const content = cell('Content')
    return {
      level: commonLevel(cell('Level'), content),
      logger: cell('Component') || path.basename(directory).toLowerCase(),
      ...splitMessage(content, cell('EventTemplate')),
      template: cell('EventId'),
    }
  })
}

/** Cuts a message at the variables of its template, in which runs of spaces may be shorter than in the message. */
function splitMessage(content: string, template: string): { parts: string[]; values: string[] } {
  const pattern = template
    .split('<*>')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s+/g, '\\s+'))
    .join('(.*?)')
  const match = new RegExp(`^${pattern}\\s*$`, 'sd').exec(content)
  if (!match) return { parts: [content], values: [] }
  const parts: string[] = []
  let at = 0
  for (const [from, to] of match.indices!.slice(1) as [number, number][]) {
    parts.push(content.slice(at, from))
    at = to
  }
  return { parts: [...parts, content.slice(at)], values: match.slice(1) }
}

const levels: Record<string, string> = { notice: 'INFO', warning: 'WARN', severe: 'ERROR', failure: 'ERROR' }

/** A spelling for all sources; what the data does not say is guessed from the words. */
function commonLevel(level: string, content: string): string {
  if (/^(trace|debug|info|warn|error|fatal)$/i.test(level)) return level.toUpperCase()
  const known = levels[level.toLowerCase()]
  if (known !== undefined) return known
  return /\berror|fatal\b/i.test(content) ? 'ERROR' : /fail|invalid|break-in/i.test(content) ? 'WARN' : 'INFO'
}
