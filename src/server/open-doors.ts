// The ways in: one for all who may reach the hub, and where that one speaks TLS, another for this machine, whose commands need no
// certificate, nor the name in it. Opened and closed together.
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Server as TlsServer } from 'node:tls'
import { LogboomError } from '../contracts/errors.ts'
import { closeGraceMs } from './bounds/limits.ts'
import { readCertificate, watchCertificate, type Certificate, type TlsFiles } from './open-certificate.ts'
import { localHost, shownHost } from './shown-host.ts'
import type { Upgrades } from './upgrades.ts'

export interface Door {
  http: Server
  upgrades: Upgrades
}

export interface Doors {
  url: string
  localUrl: string
  /** `farewell` is called when nobody new comes in any more. */
  close(farewell: () => void): Promise<void>
}

export interface DoorsOptions {
  host: string
  hosts: readonly string[]
  port?: number
  tls?: TlsFiles
  /** A certificate that was put in place cannot be used. */
  failed(error: Error): void
}

const defaultPort = 7420
const portsToTry = 100

/** Rejects with `tls-invalid` and `address-in-use`. */
export async function openDoors(
  openDoor: (certificate?: Certificate) => Door,
  { host, hosts, port, tls, failed }: DoorsOptions,
): Promise<Doors> {
  const door = openDoor(tls && readCertificate(tls))
  const doors = [door]
  await listen(door.http, host, port)
  const url = urlOf(door, tls ? 'https' : 'http', shownHost(host, hosts))
  let localUrl = urlOf(door, 'http', localHost(host))
  let unwatch = (): void => {}
  if (tls) {
    const localDoor = openDoor()
    doors.push(localDoor)
    await listen(localDoor.http, '127.0.0.1', 0)
    localUrl = urlOf(localDoor, 'http', '127.0.0.1')
    const renewed = door.http as unknown as TlsServer
    unwatch = watchCertificate(tls, { changed: (pair) => renewed.setSecureContext(pair), failed })
  }
  return {
    url,
    localUrl,
    async close(farewell) {
      unwatch()
      const closed = Promise.all(doors.map(({ http }) => once(http, 'close')))
      for (const { http, upgrades } of doors) {
        http.close()
        upgrades.close()
      }
      farewell()
      for (const { http } of doors) http.closeIdleConnections()
      await Promise.race([closed, delay(closeGraceMs)])
      for (const { http, upgrades } of doors) {
        upgrades.terminate()
        http.closeAllConnections()
      }
      await closed
    },
  }
}

function urlOf({ http }: Door, scheme: string, name: string): string {
  return `${scheme}://${name}:${(http.address() as AddressInfo).port}`
}

async function listen(server: Server, host: string, port: number | undefined): Promise<void> {
  const bareHost = host.replace(/^\[|\]$/g, '')
  const candidates = port === undefined ? Array.from({ length: portsToTry }, (_, index) => defaultPort + index) : [port]
  for (const candidate of candidates) {
    try {
      server.listen(candidate, bareHost)
      await once(server, 'listening')
      return
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE') continue
      throw new LogboomError('address-in-use', `Port ${candidate} on ${host} cannot be used: ${message}`, {
        cause: error,
      })
    }
  }
  const taken = port === undefined ? `Ports ${defaultPort} to ${defaultPort + portsToTry - 1} are` : `Port ${port} is`
  throw new LogboomError('address-in-use', `${taken} in use on ${host}.`)
}
