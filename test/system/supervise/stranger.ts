// Somebody who has nothing to do with Logboom, and notes every signal that it gets.
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Stranger {
  name: string
  child: ChildProcess
  /** One number per line. */
  signals(): string
  /** It notes signals from now on. */
  isUp(): boolean
}

export interface StrangerOptions {
  /** Where it keeps its notes. */
  directory: string
  name: string
  /** Holds this file open. */
  file?: { path: string; mode: 'r' | 'a' }
  environment?: Record<string, string>
}

const script = `
import os, signal, sys
notes, path, mode = sys.argv[1:4]
out = open(notes + '.signals', 'w')
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
    signal.signal(number, lambda got, _: print(got, file=out, flush=True))
held = open(path, mode)
open(notes + '.up', 'w').write('up')
while True: signal.pause()`

/** Leads a group and a session of its own, as a process of a hub does. */
export function beginStranger({ directory, name, file, environment }: StrangerOptions): Stranger {
  const notes = `${directory}/${name}`
  const { path, mode } = file ?? { path: '/dev/null', mode: 'r' }
  const child = spawn('python3', ['-c', script, notes, path, mode], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  })
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return ''
    }
  }
  return { name, child, signals: () => read(`${notes}.signals`), isUp: () => read(`${notes}.up`) === 'up' }
}
