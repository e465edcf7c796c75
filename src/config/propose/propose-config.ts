// A configuration proposed from what a directory has, and its text.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { readProcfile } from '../read-procfile.ts'
import { proposeCompose } from './compose.ts'
import { proposePackages } from './packages.ts'
import type { Findings, Proposal } from './proposal.ts'
import { proposeUnits } from './systemd.ts'

/** `units` are paths of systemd units elsewhere. */
export function proposeConfig(directory: string, units: readonly string[]): Findings {
  const all = [
    proposeProcfile(directory),
    orLeft('package.json', () => proposePackages(directory)),
    orLeft('the compose file', () => proposeCompose(directory)),
    proposeUnits(directory, units),
    proposeLogs(directory),
  ]
  const taken = new Set(['logboom'])
  const proposals = all.flatMap((one) => one.proposals)
  for (const proposal of proposals) {
    const { name } = proposal
    for (let count = 2; taken.has(proposal.name); count++) proposal.name = `${name}-${count}`
    taken.add(proposal.name)
  }
  return { proposals, left: all.flatMap((one) => one.left) }
}

/** One file that is broken does not keep the others from being proposed. */
function orLeft(what: string, propose: () => Findings): Findings {
  try {
    return propose()
  } catch (error) {
    return { proposals: [], left: [`${what} cannot be read: ${(error as Error).message}`] }
  }
}

export function formatProposal({ proposals, left }: Findings, format: 'ts' | 'yaml'): string {
  const comment = format === 'ts' ? '//' : '#'
  const sections = (['processes', 'files', 'docker'] as const).filter((name) =>
    proposals.some(({ section }) => section === name),
  )
  const entry = format === 'ts' ? formatModuleEntry : formatYamlEntry
  const body = sections.flatMap((name) => [
    format === 'ts' ? `  ${name}: {` : `${name}:`,
    ...proposals.filter(({ section }) => section === name).flatMap((one) => entry(one, comment)),
    ...(format === 'ts' ? ['  },'] : []),
  ])
  const rest = left.length > 0 ? ['Not taken:', ...left.map((reason) => `  ${oneLine(reason)}`)] : []
  const head = ['What logboom init found here; change it as you like. logboom check tells mistakes.', ...rest]
  const whole = ["import { defineConfig } from 'logboom'", '', 'export default defineConfig({', ...body, '})']
  const lines = format === 'ts' ? whole : body.length > 0 ? body : ['{}']
  return `${[...head.map((line) => `${comment} ${line}`), ...lines].join('\n')}\n`
}

function formatModuleEntry({ name, options, why }: Proposal, comment: string): string[] {
  return [`    ${comment} ${oneLine(why)}`, `    ${formatLiteral(name)}: ${formatLiteral(options)},`]
}

function formatYamlEntry({ name, options, why }: Proposal, comment: string): string[] {
  const text = stringify({ [name]: options }, { lineWidth: 0 }).trimEnd()
  return [`  ${comment} ${oneLine(why)}`, ...text.split('\n').map((line) => `  ${line}`)]
}

function formatLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatLiteral).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${/^[A-Za-z_]\w*$/.test(key) ? key : formatLiteral(key)}: ${formatLiteral(each)}`)
      .join(', ')} }`
  if (typeof value !== 'string' || /[\\\n\r\u2028\u2029']/.test(value)) return JSON.stringify(value)
  return `'${value}'`
}

/** Text of others stands in comments here, and must not end them. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ')
}

function proposeProcfile(directory: string): Findings {
  const path = join(directory, 'Procfile')
  if (!existsSync(path)) return { proposals: [], left: [] }
  const { value, problems } = readProcfile(readFileSync(path, 'utf8'))
  const { processes } = value as { processes: Record<string, { command: string }> }
  return {
    proposals: Object.entries(processes).map(([name, options]) => ({
      section: 'processes',
      name,
      options,
      why: 'Procfile',
    })),
    left: problems.map(({ place, message }) => `Procfile:${place?.line}: ${message}`),
  }
}

function proposeLogs(directory: string): Findings {
  const proposals = ['logs', 'log'].flatMap((folder): Proposal[] => {
    const count = globSync(`${folder}/*.log`, { cwd: directory }).length
    const why = `${folder}/ has ${count} log ${count === 1 ? 'file' : 'files'}`
    return count === 0 ? [] : [{ section: 'files', name: folder, options: { paths: `${folder}/*.log` }, why }]
  })
  return { proposals, left: [] }
}
