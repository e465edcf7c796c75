// `logboom up --detach`: the same command again, in a session of its own, watched until it serves or fails.
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeDirectory } from '../../system/make-directory.ts'
import type { Config } from '../../config/config.ts'
import { tryHub } from './find-hub.ts'
import { formatStatus } from './ps.ts'
import { wantsColor } from '../terminal-style.ts'

export async function detach(config: Config): Promise<void> {
  const { stateDirectory } = config
  const running = await tryHub(stateDirectory)
  if (running) {
    console.log('Logboom is already running here:\n')
    process.stdout.write(
      formatStatus(running.info, await running.client.sources(), { color: wantsColor(process.stdout) }),
    )
    return
  }
  makeDirectory(stateDirectory)
  const logPath = join(stateDirectory, 'hub.log')
  const log = openSync(logPath, 'a', 0o600)
  const from = statSync(logPath).size
  const [script, ...words] = process.argv.slice(1)
  const args = words.filter((word) => word !== '-d' && word !== '--detach')
  const child = spawn(process.execPath, [...process.execArgv, script!, ...args, '--no-attach'], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  let failed = false
  child.once('exit', () => (failed = true))
  for (;;) {
    await sleep(50)
    const found = await tryHub(stateDirectory)
    if (found && found.info.pid === child.pid) {
      process.stdout.write(
        formatStatus(found.info, await found.client.sources(), { color: wantsColor(process.stdout) }),
      )
      console.log('\nRuns in the background. logboom logs -f follows it, logboom down stops it.')
      child.unref()
      return
    }
    if (failed) {
      process.stderr.write(readFileSync(logPath).subarray(from))
      process.exitCode = child.exitCode || 1
      return
    }
  }
}
