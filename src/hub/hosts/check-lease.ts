// The rule by which a copied agent is known: a hub gives an agent a new word each time, and whoever comes with an old one is a copy,
// or was there before the copy came. Pure, so that it is tested as a table.
import type { AgentHello } from '../../contracts/hosts/host.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { KnownHost } from './known-host.ts'

/** The refusal of an agent; undefined where it may come in. `life`: of the agent that is connected under its name. */
export function checkLease(
  { host, agent, lease, life }: Pick<AgentHello, 'host' | 'agent' | 'lease' | 'life'>,
  known: readonly Pick<KnownHost, 'name' | 'agent' | 'lease' | 'offered'>[],
  connectedLife?: string,
): LogboomError | undefined {
  if (connectedLife !== undefined && connectedLife !== life)
    return new LogboomError('agent-in-use', `another agent is connected as ${host}`)
  const before = known.find((each) => each.agent === agent)
  const words = [before?.lease, before?.offered].filter((word) => word !== undefined)
  if (words.length === 0 || (lease !== undefined && words.includes(lease))) return undefined
  // Nothing was ever kept: it may have been killed before.
  if (before?.lease === undefined && lease === undefined) return undefined
  return new LogboomError(
    'agent-copied',
    `the identity of ${host} is used by two: one state directory is a copy of the other`,
  )
}
