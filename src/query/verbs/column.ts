// `stream:stderr` and `kind:audit`: small columns with few values.
import { kinds, streams } from '../../contracts/record.ts'
import { queryError } from '../language/query-error.ts'
import { condition, type Condition } from '../language/syntax-tree.ts'
import { equalityOnly, type Comparison, type Verb } from './verb.ts'

function oneOf<T extends string>(comparison: Comparison, known: readonly T[]): T {
  equalityOnly(comparison)
  const { name, value } = comparison
  const found = known.find((item) => item === value.text.toLowerCase())
  if (found) return found
  const message = value.text ? `There is no ${name} ${value.text}` : `A ${name} is missing after ${comparison.raw}`
  throw queryError(message, value, `Write one of ${known.map((item) => `${name}:${item}`).join(', ')}`)
}

export const stream: Verb<Extract<Condition, { verb: 'stream' }>> = {
  names: ['stream'],
  detail: 'what came on stdout, stderr, or from a logger',
  values: streams,
  parse: (comparison) => condition({ verb: 'stream', stream: oneOf(comparison, streams) }),
  test({ stream }) {
    const wanted = streams.indexOf(stream)
    return { cost: 1, bind: (batch) => (index) => batch.stream[index] === wanted }
  },
  plan: ({ stream }) => ({ streams: [stream] }),
}

export const kind: Verb<Extract<Condition, { verb: 'kind' }>> = {
  names: ['kind'],
  detail: 'system, audit, event (started, exited …) or gap',
  values: kinds,
  parse: (comparison) => condition({ verb: 'kind', kind: oneOf(comparison, kinds) }),
  test({ kind }) {
    const wanted = kinds.indexOf(kind)
    return { cost: 1, bind: (batch) => (index) => batch.kind[index] === wanted }
  },
  plan: ({ kind }) => ({ kinds: [kind] }),
}
