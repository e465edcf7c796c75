// The way of a logger's records to a hub, with its hooks at the end of the process.
import path from 'node:path'
import { atExit, atSignal } from '../end-hooks.ts'
import type { HubOptions } from '../options/logger-options.ts'
import { reasonOf, tell } from '../tell.ts'
import type { Delivery } from './delivery.ts'

export interface DeliveryOptions extends HubOptions {
  /** Name of the source that the records belong to at the hub. */
  source: string
  /** A directory beside the log, for this log alone. */
  spoolDirectory: string
  /** Absent without file. */
  logFile?: string
  /** Times in the log are UTC. */
  utc: boolean
}

export type OpenDelivery = (options: DeliveryOptions) => Delivery

let openDelivery: OpenDelivery | undefined

/** The delivery that loggers open from now on. */
export function useDelivery(open: OpenDelivery | undefined): void {
  openDelivery = open
}

export interface WaySettings {
  hub: HubOptions | undefined
  logDir: string
  utc: boolean
}

/** To be opened before the first record. Undefined without a hub, and when there is no way to it, which is told. */
export function openWayToHub(base: string, settings: WaySettings, logFile: string | undefined): Delivery | undefined {
  const { hub, logDir, utc } = settings
  if (!hub || !openDelivery) return undefined
  try {
    const spoolDirectory = path.join(logDir, `.${base}.spool`)
    const delivery = openDelivery({
      ...hub,
      source: base,
      spoolDirectory,
      utc,
      ...(logFile !== undefined && { logFile }),
    })
    const unhooks = [atExit, atSignal].map((hook) => hook(() => delivery.flushSync()))
    return {
      ...delivery,
      async close() {
        for (const unhook of unhooks) unhook()
        await delivery.close()
      },
    }
  } catch (error) {
    tell('hub', `Records do not go to the hub (${reasonOf(error)}); file and console have them`)
    return undefined
  }
}
