// A Python program with the logger of python/, beside a hub: started, killed, and what it logged read from its files.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { HubProcess } from '../hub-process.ts'

/** Debian's, which has Debian's modules. */
export const python = '/usr/bin/python3'
export const modules: string = path.resolve(import.meta.dirname, '../../python')

export interface PythonProgram {
  child: ChildProcess
  /** Standard output and error so far. */
  said(): string
  /** Resolves with the exit code, null after a signal. */
  ended(): Promise<number | null>
  kill(): Promise<void>
}

/** Starts it in the folder of the hub, from which it dies with the rest at the end. */
export function startPython(
  hub: HubProcess,
  code: string,
  words: string[] = [],
  env: NodeJS.Dict<string> = {},
): PythonProgram {
  const folder = path.join(hub.directory, 'app')
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, 'main.py')
  writeFileSync(file, code)
  const child = spawn(python, ['-u', file, ...words], {
    cwd: hub.directory,
    env: {
      PATH: process.env.PATH,
      PYTHONPATH: modules,
      PYTHONDONTWRITEBYTECODE: '1',
      LOGBOOM_URL: hub.url,
      HUB_PROCESS_PLACE: hub.directory,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (data) => (text += data))
  const ended = once(child, 'close')
  return {
    child,
    said: () => text,
    ended: async () => (await ended)[0] as number | null,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Text of all log files of that name in the folder, rotated ones included. */
export function readLogFiles(folder: string, name: string): string {
  const names = readdirSync(folder).filter((each) => each.startsWith(name) && /\.log(\.\d+)?(\.gz)?$/.test(each))
  return names
    .map((each) => readFileSync(path.join(folder, each)))
    .map((bytes, index) => (names[index]!.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString())
    .join('')
}

/** Ids `[#…]` in the text, sorted. */
export function idsIn(text: string): string[] {
  return [...text.matchAll(/\[#([\w.-]+)\]/g)].map((match) => match[1]!).toSorted()
}

/** Ids of the records at the hub, sorted; one that is there twice stands there twice. */
export async function idsAtHub(hub: HubProcess, query: string): Promise<string[]> {
  const ids: string[] = []
  for await (const { message } of hub.records(query)) ids.push(...idsIn(message))
  return ids.toSorted()
}
