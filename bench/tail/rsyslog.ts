// rsyslog with imfile as a collector into a plain file. It notes its place in a file only when it ends.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { keptIn, ownCpuSeconds, type OpenCollector } from './collector.ts'

export const rsyslog: OpenCollector = async ({ file, directory }) => {
  const [input, output] = [path.join(directory, 'app.log'), path.join(directory, 'kept.log')]
  if (spawnSync('rsyslogd', ['-v']).error) {
    console.log('rsyslogd is not installed (Debian package rsyslog): left out')
    return undefined
  }
  const config = path.join(directory, 'rsyslog.conf')
  writeFileSync(
    config,
    `global(workDirectory="${directory}")
module(load="imfile")
input(type="imfile" File="${input}" Tag="app")
template(name="line" type="string" string="%msg%\\n")
action(type="omfile" file="${output}" template="line")
`,
  )
  const daemon = spawn('rsyslogd', ['-n', '-f', config, '-i', path.join(directory, 'pid')], { stdio: 'ignore' })
  await once(daemon, 'spawn')
  return {
    cpuSeconds: () => ownCpuSeconds(daemon.pid!),
    feed: () => renameSync(file, input),
    kept: () => keptIn(output),
    async close() {
      const ended = once(daemon, 'exit')
      daemon.kill()
      await ended
    },
  }
}
