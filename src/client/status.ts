// The state of hub and sources as it changes.
import type { HubStatus, StatusFrame } from '../wire/hub-view.ts'
import { openLastingSocket, type ConnectionState, type SocketAddress, type Subscription } from './lasting-socket.ts'

export interface StatusHandlers {
  /** At once, at every change, and every two seconds. */
  status(status: HubStatus): void
  state?(state: ConnectionState): void
}

export function openClientStatus(address: SocketAddress, handlers: StatusHandlers): Subscription {
  handlers.state?.('connecting')
  const socket = openLastingSocket(address, {
    open: () => undefined,
    message(data) {
      // An error says why the hub closes this socket.
      if ((data as { type: string }).type !== 'status') return
      socket.proved()
      handlers.state?.('live')
      const { hub, sources } = data as StatusFrame
      handlers.status({ hub, sources })
    },
    lost: () => handlers.state?.('lost'),
  })
  return socket
}
