// When a process is restarted because files have changed: once per burst of changes, and once more for those that come meanwhile.
import { changePatterns, formatPath } from './change-patterns.ts'
import { watchTree, type TreeWatch } from './watch-tree.ts'

export interface WatchOptions {
  /** Globs, relative to the directory of the process; a directory means all in it. */
  files: string[]
  ignore: string[]
  /** A burst is over when so long nothing has changed. */
  debounceMs: number
}

export interface ChangeWatchOptions extends WatchOptions {
  /** Of the process, absolute. */
  directory: string
  /** Directories that Logboom writes to. */
  own: string[]
  /** With what has changed, for people. What comes before it is done is told after it. */
  onChanges(files: string[]): Promise<void>
  /** Nothing is watched until the next `begin`. */
  onFailure(message: string): void
}

export interface ChangeWatch {
  /** Unless it has begun already. Resolves with whether all is watched. */
  begin(): Promise<boolean>
  close(): void
}

/** Longest burst, where something changes all the time. */
const longestBurstMs = 10_000

export function watchChanges(options: ChangeWatchOptions): ChangeWatch {
  const { directory, debounceMs, onChanges, onFailure } = options
  const patterns = changePatterns(options.files, options.ignore, directory, options.own)
  const changed = new Set<string>()
  let trees: TreeWatch[] = []
  let beginning: Promise<boolean> | undefined
  let timer: NodeJS.Timeout | undefined
  let burstEndsAt: number | undefined
  let telling = false
  let closed = false

  const onChange = (path: string) => {
    if (closed || !patterns.wants(path)) return
    changed.add(path)
    schedule()
  }

  const schedule = () => {
    const now = performance.now()
    burstEndsAt ??= now + longestBurstMs
    clearTimeout(timer)
    timer = setTimeout(() => void tell(), Math.max(0, Math.min(debounceMs, burstEndsAt - now)))
    timer.unref()
  }

  const tell = async () => {
    if (telling || closed) return
    telling = true
    const files = [...changed].map((path) => formatPath(path, directory))
    changed.clear()
    await Promise.all([onChanges(files), ...trees.map((tree) => tree.look())])
    telling = false
    burstEndsAt = undefined
    if (changed.size > 0) schedule()
  }

  const end = () => {
    for (const tree of trees) tree.close()
    trees = []
    beginning = undefined
  }

  const fail = (error: NodeJS.ErrnoException) => {
    end()
    onFailure(formatFailure(error))
  }

  const start = async () => {
    let failed = false
    const onTreeFailure = (error: NodeJS.ErrnoException) => {
      if (!failed) fail(error)
      failed = true
    }
    for (const root of patterns.roots) {
      const tree = await watchTree({ root, enters: patterns.enters, onChange, onFailure: onTreeFailure })
      if (failed || closed) {
        tree.close()
        return false
      }
      trees.push(tree)
    }
    return true
  }

  return {
    begin: () => (closed ? Promise.resolve(false) : (beginning ??= start())),
    close: () => {
      closed = true
      clearTimeout(timer)
      end()
    },
  }
}

function formatFailure({ code, message }: NodeJS.ErrnoException): string {
  const hint: Record<string, string> = {
    ENOSPC: 'the system has no more watches; raise fs.inotify.max_user_watches, or watch fewer directories',
    EMFILE: 'the system has no more watches; raise fs.inotify.max_user_instances',
  }
  return `changes are not watched: ${hint[code ?? ''] ?? message}`
}

/** `src/a.ts`, `src/a.ts and 2 more`. */
export function formatChanged(files: string[]): string {
  return files.length > 1 ? `${files[0]} and ${files.length - 1} more` : files[0]!
}
