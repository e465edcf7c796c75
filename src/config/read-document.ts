// A configuration file as a plain value, before anyone knows whether it makes sense, with the way back to its lines.
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { configFormat } from './find-config.ts'
import { configError, type Path, type Place, type Problem } from './problem.ts'

export interface Document {
  /** Undefined when it could not be read at all; then there are problems. */
  value: unknown
  problems: Problem[]
  /** Place where a key or its value is written, or the nearest thing around it. */
  locate(path: Path, part: 'key' | 'value'): Place | undefined
}

/** Each reader is loaded on use: most configurations need one of them. Rejects with `config-invalid`. */
export async function readDocument(file: string): Promise<Document> {
  const format = configFormat(file)
  if (format === 'module') return (await import('./read-module.ts')).readModule(file)
  let text: string
  try {
    text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '')
  } catch (error) {
    throw configError(basename(file), [{ path: [], message: `cannot be read: ${(error as Error).message}` }], error)
  }
  if (format === 'procfile') return (await import('./read-procfile.ts')).readProcfile(text)
  const { readJson, readYaml } = await import('./read-yaml.ts')
  return format === 'json' ? readJson(text) : readYaml(text)
}
