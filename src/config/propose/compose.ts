// A compose file: its containers, and services whose code is here, so that they can run without one.
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { sourceNameOf, type Findings } from './proposal.ts'

interface Service {
  image?: string
  build?: string | { context?: string }
  command?: string | string[]
  environment?: Record<string, unknown> | string[]
  env_file?: string | string[]
}

interface ComposeFile {
  name?: string
  services?: Record<string, Service>
}

const fileNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']

export function proposeCompose(directory: string): Findings {
  const findings: Findings = { proposals: [], left: [] }
  const file = findCompose(directory)
  if (file === undefined) return findings
  const document = parse(readFileSync(join(directory, file), 'utf8'), { merge: true }) as ComposeFile | null
  for (const [name, service] of Object.entries(document?.services ?? {})) {
    const why = `${file}, service ${name}`
    const { build, command, image } = service
    if (build === undefined)
      findings.left.push(`${why}: it is made from the image ${image ?? '(none)'}, not from what is here`)
    else if (command === undefined) findings.left.push(`${why}: it has no command; its Dockerfile has one`)
    else {
      const cwd = typeof build === 'string' ? build : build.context
      const { env, unclear } = readVariables(service.environment)
      if (unclear.length > 0)
        findings.left.push(`${why}: the values of ${unclear.join(', ')} are put together by Compose`)
      const options = {
        command,
        ...(cwd && cwd !== '.' && { cwd }),
        ...(Object.keys(env).length > 0 && { env }),
        ...(service.env_file !== undefined && isPlain(service.env_file) && { envFile: service.env_file }),
      }
      findings.proposals.push({ section: 'processes', name: sourceNameOf(name), options, why })
    }
  }
  if (document?.services) {
    const projects = [projectOf(directory, document)]
    findings.proposals.push({
      section: 'docker',
      name: 'docker',
      options: { projects },
      why: `${file}, its containers`,
    })
  }
  return findings
}

/** Name of the compose file that the directory has. */
export function findCompose(directory: string): string | undefined {
  return fileNames.find((name) => existsSync(join(directory, name)))
}

/** As Compose itself makes it of the directory's name. */
function projectOf(directory: string, { name }: ComposeFile): string {
  const own = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '')
  return typeof name === 'string' ? name : own
}

function readVariables(given: Service['environment'] = {}): { env: Record<string, string>; unclear: string[] } {
  const pairs = Array.isArray(given)
    ? given
        .filter((line) => line.includes('='))
        .map((line) => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)])
    : Object.entries(given).filter(([, value]) => value !== null)
  const all = pairs.map(([key, value]) => [String(key), String(value)] as const)
  const isClear = ([, value]: readonly [string, string]) => !value.includes('$')
  return {
    env: Object.fromEntries(all.filter(isClear)),
    unclear: all.filter((pair) => !isClear(pair)).map(([key]) => key),
  }
}

function isPlain(files: unknown): boolean {
  return [files].flat().every((file) => typeof file === 'string')
}
