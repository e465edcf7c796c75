// Another host as far as the network goes: a namespace of its own, with one cable to this one, which can be pulled.
import { execFileSync, spawnSync } from 'node:child_process'

export interface HostNetwork {
  /** Address of this side, as the other sees it. */
  hubAddress: string
  /** The command that starts another on that host. */
  under: string[]
  cut(): void
  mend(): void
  close(): void
}

/** Needs root. */
export function openHostNetwork(): HostNetwork {
  const id = process.pid % 250
  const name = `logboom-${process.pid}`
  const [here, there] = [`lbh${process.pid % 100_000}`, `lbt${process.pid % 100_000}`]
  const [hubAddress, hostAddress] = [`10.213.${id}.1`, `10.213.${id}.2`]
  const ip = (...words: string[]): unknown => execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] })
  // Processes may live on in the namespace, and the cable with it. Closing twice is closing once.
  const close = (): void => {
    spawnSync('ip', ['link', 'delete', here])
    spawnSync('ip', ['netns', 'delete', name])
  }
  ip('netns', 'add', name)
  try {
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name)
    ip('address', 'add', `${hubAddress}/24`, 'dev', here)
    ip('link', 'set', here, 'up')
    ip('-n', name, 'address', 'add', `${hostAddress}/24`, 'dev', there)
    ip('-n', name, 'link', 'set', there, 'up')
    ip('-n', name, 'link', 'set', 'lo', 'up')
  } catch (error) {
    close()
    throw error
  }
  return {
    hubAddress,
    under: ['ip', 'netns', 'exec', name],
    cut: () => void ip('-n', name, 'link', 'set', there, 'down'),
    mend: () => void ip('-n', name, 'link', 'set', there, 'up'),
    close,
  }
}
