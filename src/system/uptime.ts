// How long the machine has been running, by a count that nobody can set: it tells a clock that was set from time that has passed.

export interface Uptime {
  /** Names this boot of the machine; empty where the system does not tell. */
  boot: string
  /** Since then, time asleep included. */
  ms: number
}
