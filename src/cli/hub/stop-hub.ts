// Closing a hub in front of somebody who waits: says what is waited for, and gives way to impatience.
import { setTimeout as sleep } from 'node:timers/promises'
import type { EndSignals } from '../end-signals.ts'
import { reportError } from '../report-error.ts'

/** The part of a hub that is asked here. */
interface StoppableHub {
  sources: ReadonlyMap<string, { kill?(): void }>
  status(): { sources: { name: string; pid?: number | undefined; host?: unknown }[] }
  close(options: { keep: boolean }): Promise<void>
}

const firstWordMs = 1500
const furtherWordsMs = 5000
const forcedMs = 3000

/** Resolves when all is stopped, by `close`; after a further signal what still runs is killed. */
export async function stopHub(
  hub: StoppableHub,
  signals: EndSignals,
  say: (text: string) => void,
  close: () => Promise<void> = () => hub.close({ keep: false }),
): Promise<void> {
  const alive = (): string[] =>
    hub.status().sources.flatMap(({ name, pid, host }) => (pid === undefined || host ? [] : [name]))
  const names = alive()
  say(names.length === 0 ? 'Stopping …' : `Stopping ${names.join(', ')} … (Ctrl-C again to kill)`)
  const forced = Promise.withResolvers<'forced'>()
  signals.onFurther(() => {
    say(`Killing ${alive().join(', ') || 'what is left'} …`)
    for (const source of hub.sources.values()) source.kill?.()
    forced.resolve('forced')
  })
  const closed = close().then(() => 'closed' as const)
  for (let waitMs = firstWordMs; ; waitMs = furtherWordsMs) {
    const event = await Promise.race([closed, forced.promise, sleep(waitMs, 'waiting' as const, { ref: false })])
    if (event === 'closed') return
    if (event === 'forced') return void (await Promise.race([closed, sleep(forcedMs, undefined, { ref: false })]))
    const waiting = alive()
    say(waiting.length > 0 ? `Waiting for ${waiting.join(', ')} …` : 'Writing down the last lines …')
  }
}

/** A hub that cannot go on: its processes can, and the next one takes them over. Sets the exit code. */
export async function giveUp(hub: StoppableHub, error: unknown): Promise<void> {
  process.exitCode = reportError(error)
  console.error('  The processes run on; start logboom again to take them over, or stop them with: logboom down')
  await Promise.race([hub.close({ keep: true }).catch(() => undefined), sleep(forcedMs, undefined, { ref: false })])
}
