// A follow that belongs to a place rather than to an address: it resumes by cursor also when the next hub there has
// another port, and waits for one while there is none.
import { connect } from '../../client/connect.ts'
import type { FollowHandlers } from '../../client/follow.ts'
import type { Subscription } from '../../client/lasting-socket.ts'
import type { FollowRequest } from '../../wire/follow-frame.ts'
import { readHubFile, type HubFile } from '../../hub/hub-file.ts'
import { tryHub } from '../hub/find-hub.ts'

const lookMs = 500

/** Until closed; `hub` is the one that answers now, if one does. */
export function followState(
  stateDirectory: string,
  hub: HubFile | undefined,
  request: FollowRequest,
  handlers: FollowHandlers,
): Subscription {
  let cursor = request.after
  let current: { hub: HubFile; subscription: Subscription } | undefined
  let closed = false
  let timer: NodeJS.Timeout | undefined

  function open(at: HubFile): void {
    current?.subscription.close()
    const subscription = connect(at.url, { token: at.key }).follow(
      { ...request, ...(cursor === undefined ? {} : { after: cursor }) },
      {
        ...handlers,
        records(records, to) {
          cursor = to
          handlers.records(records, to)
        },
        gap(gap) {
          if (gap.reason === 'new-log') cursor = undefined
          handlers.gap?.(gap)
        },
        state(state) {
          if (state === 'lost') look()
          else if (state === 'live') clearTimeout(timer)
          handlers.state?.(state)
        },
      },
    )
    current = { hub: at, subscription }
  }

  function look(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void moveToNewHub(), lookMs)
  }

  async function moveToNewHub(): Promise<void> {
    const at = readHubFile(stateDirectory)
    const isAnother = at?.url !== current?.hub.url || at?.key !== current?.hub.key
    if (at && isAnother && (await tryHub(stateDirectory)) && !closed) open(at)
    else if (!closed) look()
  }

  if (hub) open(hub)
  else look()
  return {
    close() {
      closed = true
      clearTimeout(timer)
      current?.subscription.close()
    },
  }
}
