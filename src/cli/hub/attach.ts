// A second `logboom up` in the same place: shows what the first one runs and what happens there. Leaving it stops nothing.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../../config/config.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { watchEndSignals } from '../end-signals.ts'
import { tryHub, type FoundHub } from './find-hub.ts'
import { followHub } from './follow-hub.ts'
import { formatStatus } from './ps.ts'
import { wantsColor } from '../terminal-style.ts'

const startPatienceMs = 10_000
const lookAgainMs = 500

export async function attach(config: Config, { follow }: { follow: boolean }): Promise<void> {
  const { client, info } = await waitForHub(config.stateDirectory)
  const signals = watchEndSignals()
  console.log('Logboom is already running here:\n')
  process.stdout.write(formatStatus(info, await client.sources(), { color: wantsColor(process.stdout) }))
  console.log('\nAttached: this shows what happens there. Ctrl-C leaves it running.\n')
  const shown = follow
    ? followHub(client, { shown: true })
    : followHub(client, { query: 'source:logboom OR kind:event', lines: 0 })
  const left = await Promise.race([signals.first.then(() => true), hubGone(config.stateDirectory)])
  shown.close()
  signals.close()
  console.log(left ? '\nDetached. It goes on; logboom down stops it.' : 'The hub has stopped.')
  process.exit()
}

/** A hub that holds the lock may still be starting. */
async function waitForHub(stateDirectory: string): Promise<FoundHub> {
  const deadline = performance.now() + startPatienceMs
  for (;;) {
    const found = await tryHub(stateDirectory)
    if (found) return found
    if (performance.now() > deadline) {
      const message = `a hub holds ${stateDirectory}, but does not answer`
      throw new LogboomError('already-running', message)
    }
    await sleep(200)
  }
}

/** Two looks without an answer, so that a busy hub is not taken for a dead one. */
async function hubGone(stateDirectory: string): Promise<false> {
  for (let missed = 0; missed < 2;) {
    await sleep(lookAgainMs, undefined, { ref: false })
    missed = (await tryHub(stateDirectory)) ? 0 : missed + 1
  }
  return false
}
