// The rule by which a copied agent is known: a hub gives an agent a new word each time, and whoever comes with an old one is a copy,
// or was there before the copy came. Pure, so that it is tested as a table.
import { randomUUID } from 'node:crypto'
import type { AgentHello } from '../../contracts/hosts/host.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { KnownHost } from './known-host.ts'

/** Who is connected. */
export interface Speaker {
  name: string
  agent: string
  life: string
}

/** The refusal of an agent; undefined where it may come in. */
export function checkLease(
  { host, agent, lease, life }: Pick<AgentHello, 'host' | 'agent' | 'lease' | 'life'>,
  known: readonly Pick<KnownHost, 'agent' | 'lease' | 'offered'>[],
  connected: readonly Speaker[] = [],
): LogboomError | undefined {
  const speaker = connected.find(({ name }) => name === host)
  if (speaker && (speaker.agent !== agent || speaker.life !== life))
    return new LogboomError('agent-in-use', `another agent is connected as ${host}`)
  if (
    isCopy(
      lease,
      known.filter((each) => each.agent === agent),
    )
  )
    return new LogboomError(
      'agent-copied',
      `the identity of ${host} is used by two: one state directory is a copy of the other`,
    )
  const other = connected.find((each) => each.agent === agent && (each.name !== host || each.life !== life))
  return other && new LogboomError('agent-in-use', `the agent of ${host} is connected as ${other.name}`)
}

function isCopy(lease: string | undefined, known: readonly Pick<KnownHost, 'lease' | 'offered'>[]): boolean {
  const words = known.flatMap((each) => [each.lease, each.offered]).filter((word) => word !== undefined)
  // No word was ever kept: the agent may have been killed before.
  if (lease === undefined) return known.some((each) => each.lease !== undefined)
  // A word that is yet to be given was given, and forgotten here: by a loss of power, on a full disk.
  return words.length > 0 && !words.includes(lease) && words.some((word) => numberOf(word) >= numberOf(lease))
}

/** Words are numbered, and end in what nobody guesses: `7.…`. */
const numberOf = (word: string): number => Number.parseInt(word, 10) || 0

export const wordAfter = (word = '0'): string => `${numberOf(word) + 1}.${randomUUID()}`
