// Questions to the store take turns. A turn lasts until its answer has gone out, since answers lie in memory until then.
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import { LogboomError } from '../../contracts/errors.ts'
import { openTurns } from '../../live/turns.ts'
import { goneSignal } from '../gone.ts'
import { answerPatienceMs, searchesAtOnce, searchesWaiting } from './limits.ts'

/** Resolves when it is the turn of this question, with the signal that says that nobody waits for it any more. Throws `too-many`. */
export type TakeTurn = (reply: FastifyReply) => Promise<AbortSignal>

export function openSearchTurns(): TakeTurn {
  const turns = openTurns(searchesAtOnce)

  /** Nothing moves: the system counts the bytes that a reader takes, and a search that has found nothing has none to give. */
  function watch(response: ServerResponse): void {
    const { socket } = response
    response.setTimeout(answerPatienceMs, () => {
      if (turns.waiting() > 0 && (socket?.writableLength ?? 0) > 0) response.destroy()
      else socket?.setTimeout(answerPatienceMs)
    })
  }

  return async (reply) => {
    if (turns.waiting() >= searchesWaiting) {
      throw new LogboomError('too-many', `${searchesAtOnce} searches run, and ${searchesWaiting} wait for their turn.`)
    }
    const signal = goneSignal(reply)
    const end = await turns.take(signal)
    if (reply.raw.destroyed) end()
    else reply.raw.once('close', end)
    watch(reply.raw)
    return signal
  }
}
