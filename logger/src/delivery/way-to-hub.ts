// The way of a logger's records to a hub, with its hooks at the end of the process.
import path from 'node:path'
import { atExit, atSignal } from '../end-hooks.ts'
import type { HubOptions } from '../options/logger-options.ts'
import { reasonOf, tell } from '../tell.ts'
import type { Delivery } from './delivery.ts'
import { openDelivery, type DeliveryOptions } from './open-delivery.ts'

export type OpenDelivery = (options: DeliveryOptions) => Delivery

let openTheDelivery: OpenDelivery = openDelivery

/** The delivery that loggers open from now on. */
export function useDelivery(open: OpenDelivery): void {
  openTheDelivery = open
}

export interface WaySettings {
  hub: HubOptions | undefined
  logDir: string
  archiveDir: string
  utc: boolean
}

/** To be opened before the first record. Undefined without a hub, and when there is no way to it, which is told. */
export function openWayToHub(base: string, settings: WaySettings, logFile: string | undefined): Delivery | undefined {
  const { hub, logDir, archiveDir, utc } = settings
  if (!hub) return undefined
  try {
    const spoolDirectory = path.join(logDir, `.${base}.spool`)
    const delivery = openTheDelivery({
      ...hub,
      source: base,
      spoolDirectory,
      utc,
      ...(logFile !== undefined && { logFile }),
      ...(archiveDir !== logDir && { rotatedDirectory: archiveDir }),
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
