// What systemd is told of a hub that it runs (sd_notify): ready, stopping, and that all is well, as long as it is. Node has no Unix
// datagram sockets, so systemd's own command sends it (decisions/088).
import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Service {
  /** `isWell` is asked at half of the watchdog's time; while it does not answer, or says no, systemd hears nothing. */
  ready(status: string, isWell: () => Promise<boolean>): void
  stopping(): void
}

const patienceMs = 10_000

/**
 * Takes what systemd has said out of the environment, so that no process of the hub speaks in its name. `complain` hears, once, that
 * systemd cannot be told.
 */
export function openService(environment: NodeJS.ProcessEnv, complain: (text: string) => void): Service {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: micros, WATCHDOG_PID: watched } = environment
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete environment[name]
  if (!socket) return { ready: () => undefined, stopping: () => undefined }

  const isWatched = watched === undefined || Number(watched) === process.pid
  const everyMs = isWatched ? Number(micros ?? 0) / 2000 : 0
  let timer: NodeJS.Timeout | undefined
  let said = Promise.resolve()
  let hasComplained = false

  /** One after the other: the last word counts. */
  function tell(...words: string[]): Promise<void> {
    said = said.then(async () => {
      try {
        await send(words, { ...environment, NOTIFY_SOCKET: socket })
      } catch (error) {
        if (!hasComplained) complain(`systemd cannot be told of this: ${(error as Error).message}`)
        hasComplained = true
      }
    })
    return said
  }

  async function beat(isWell: () => Promise<boolean>): Promise<void> {
    if (await isWell().catch(() => false)) await (timer && tell('WATCHDOG=1'))
  }

  return {
    ready(status, isWell) {
      void tell('READY=1', `STATUS=${status}`)
      if (!(everyMs > 0)) return
      let underWay = false
      timer = setInterval(() => {
        if (underWay) return
        underWay = true
        void beat(isWell).finally(() => (underWay = false))
      }, everyMs)
      timer.unref()
    },
    stopping() {
      clearInterval(timer)
      timer = undefined
      void tell('STOPPING=1', 'STATUS=Stopping')
    },
  }
}

async function send(words: string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn('systemd-notify', words, {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: patienceMs,
  })
  let complaint = ''
  child.stderr.on('data', (data) => (complaint += String(data)))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (code !== 0) throw new Error(complaint.trim() || `systemd-notify ended with ${code ?? signal}`)
}
