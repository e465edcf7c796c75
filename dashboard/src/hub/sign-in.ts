// The person at the page: asked of the hub, and led to where one signs in when the hub wants to know.
import { LogboomError, type CallerView, type Client } from '../../../src/client/index.ts'
import { hubUrl } from './place.ts'
import type { Store } from './store.ts'

export async function askWhoIAm(client: Client, me: Store<CallerView | undefined>): Promise<void> {
  try {
    me.set(await client.me())
  } catch (error) {
    if (error instanceof LogboomError && error.code === 'sign-in-needed') goToSignIn()
  }
}

let isLeaving = false

/** Afterwards the page of now is shown again. Streams that end one by one lead there once: each time would begin anew. */
function goToSignIn(): void {
  if (isLeaving) return
  isLeaving = true
  const { pathname, search, hash } = location
  location.replace(new URL(`sign-in?next=${encodeURIComponent(pathname + search + hash)}`, hubUrl))
}

export async function signOut(client: Client, everywhere: boolean): Promise<void> {
  await client.signOut({ everywhere })
  goToSignIn()
}
