// The end of the process: what was logged leaves before it, and signals do to the application what they would have done without us.
import { isMainThread } from 'node:worker_threads'

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
const onExit = new Set<() => void>()
const onSignal = new Set<() => void>()
let isHooked = false
const hooked: (() => void)[] = []

/** Called at exit, also after an uncaught exception. Returns what takes it back. */
export function atExit(action: () => void): () => void {
  if (!isHooked) {
    isHooked = true
    process.on('exit', () => runAll(onExit))
  }
  onExit.add(action)
  return () => void onExit.delete(action)
}

/** Called when a signal arrives that may end the process; the application is not kept from dying of it. */
export function atSignal(action: () => void): () => void {
  if (onSignal.size === 0 && isMainThread) hookSignals()
  onSignal.add(action)
  return () => {
    onSignal.delete(action)
    if (onSignal.size === 0) hooked.splice(0).forEach((unhook) => unhook())
  }
}

function hookSignals(): void {
  for (const signal of signals) {
    let isOver = false
    const listener = (): void => {
      runAll(onSignal)
      // Listeners that end the process where nobody else listens (signal-exit, another copy of this module) must not count ours.
      process.off(signal, listener)
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
      else setImmediate(() => isOver || process.prependListener(signal, listener)).unref()
    }
    process.prependListener(signal, listener)
    hooked.push(() => {
      isOver = true
      process.off(signal, listener)
    })
  }
}

function runAll(actions: ReadonlySet<() => void>): void {
  for (const action of actions) {
    try {
      action()
    } catch {
      // The process ends; the next one may still succeed.
    }
  }
}
