// A follow that belongs to a place rather than to an address: it resumes by cursor also when the next hub there has
// another port, and waits for one while there is none.
import { connect } from '../../client/connect.ts'
import type { FollowHandlers } from '../../client/follow.ts'
import type { Subscription } from '../../client/lasting-socket.ts'
import type { FollowRequest } from '../../wire/follow-frame.ts'
import { readHubFile } from '../../hub/hub-file.ts'
import { tryHub } from '../hub/find-hub.ts'

const lookMs = 500

/** Until closed; `url` is where a hub answers now, if one does. */
export function followState(
  stateDirectory: string,
  url: string | undefined,
  request: FollowRequest,
  handlers: FollowHandlers,
): Subscription {
  let cursor = request.after
  let current: { url: string; subscription: Subscription } | undefined
  let closed = false
  let timer: NodeJS.Timeout | undefined

  function open(at: string): void {
    current?.subscription.close()
    const subscription = connect(at).follow(
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
    current = { url: at, subscription }
  }

  function look(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void moveToNewHub(), lookMs)
  }

  async function moveToNewHub(): Promise<void> {
    const at = readHubFile(stateDirectory)?.url
    if (at !== undefined && at !== current?.url && (await tryHub(stateDirectory)) && !closed) open(at)
    else if (!closed) look()
  }

  if (url === undefined) look()
  else open(url)
  return {
    close() {
      closed = true
      clearTimeout(timer)
      current?.subscription.close()
    },
  }
}
