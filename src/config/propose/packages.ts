// Scripts of package.json, its workspaces included, that go on running.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { parse } from 'yaml'
import { sourceNameOf, type Findings, type Proposal } from './proposal.ts'

interface Manifest {
  name?: string
  scripts?: Record<string, string>
  workspaces?: string[] | { packages?: string[] }
}

/** The first that is there is what one starts while developing. */
const mainScripts = ['dev', 'start', 'serve']
const worker = /^(workers?|queues?|jobs?|scheduler|consumers?)(:|$)/
const lockFiles = { 'pnpm-lock.yaml': 'pnpm', 'yarn.lock': 'yarn', 'bun.lock': 'bun', 'bun.lockb': 'bun' }

export function proposePackages(directory: string): Findings {
  if (!existsSync(join(directory, 'package.json'))) return { proposals: [], left: [] }
  const runner = Object.entries(lockFiles).find(([file]) => existsSync(join(directory, file)))?.[1] ?? 'npm'
  const root = readManifest(join(directory, 'package.json'))
  const members = findWorkspaces(directory, root).flatMap((path) => proposeScripts(path, directory, runner))
  const own = proposeScripts(join(directory, 'package.json'), directory, runner)
  // The script of the root would start them all once more.
  if (members.length === 0 || own.length === 0) return { proposals: [...own, ...members], left: [] }
  return { proposals: members, left: own.map(({ why }) => `${why}: its workspaces are proposed one by one`) }
}

function proposeScripts(path: string, base: string, runner: string): Proposal[] {
  const { name, scripts = {} } = readManifest(path)
  const cwd = relative(base, dirname(path))
  const own = sourceNameOf(name ?? basename(dirname(path)))
  const main = mainScripts.find((script) => scripts[script])
  const workers = Object.keys(scripts).filter((script) => worker.test(script))
  return [...(main === undefined ? [] : [main]), ...workers].map((script) => ({
    section: 'processes',
    name: script === main ? own : `${own}-${sourceNameOf(script)}`,
    options: { command: `${runner} run ${script}`, ...(cwd && { cwd }) },
    why: `${join(cwd, 'package.json')}, script ${script}: ${scripts[script]}`,
  }))
}

function findWorkspaces(directory: string, { workspaces }: Manifest): string[] {
  const pnpm = join(directory, 'pnpm-workspace.yaml')
  const globs = existsSync(pnpm)
    ? (parse(readFileSync(pnpm, 'utf8')) as { packages?: string[] } | null)?.packages
    : Array.isArray(workspaces)
      ? workspaces
      : workspaces?.packages
  const included = (globs ?? []).filter((glob) => !glob.startsWith('!')).map((glob) => `${glob}/package.json`)
  const found = globSync(included, { cwd: directory, exclude: ['**/node_modules/**'] })
  return found.sort().map((path) => join(directory, path))
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest
}
