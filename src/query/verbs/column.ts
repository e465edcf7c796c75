// `stream:stderr` and `kind:audit`: small columns with few values.
import { kinds, streams, type Kind, type Stream } from '../../contracts/record.ts'
import { queryError } from '../language/query-error.ts'
import { condition } from '../language/syntax-tree.ts'
import { equalityOnly, type Comparison, type Verb } from './verb.ts'

export type StreamCondition = { verb: 'stream'; stream: Stream }

export type KindCondition = { verb: 'kind'; kind: Kind }

function oneOf<T extends string>(comparison: Comparison, known: readonly T[]): T {
  equalityOnly(comparison)
  const { name, value } = comparison
  const found = known.find((item) => item === value.text.toLowerCase())
  if (found) return found
  const message = value.text ? `There is no ${name} ${value.text}` : `A ${name} is missing after ${comparison.raw}`
  throw queryError(message, value, `Write one of ${known.map((item) => `${name}:${item}`).join(', ')}`)
}

export const stream: Verb<StreamCondition> = {
  verb: 'stream',
  names: ['stream'],
  detail: 'what came on stdout, stderr, or from a logger',
  recorded: 'few-values',
  values: streams,
  parse: (comparison) => condition<StreamCondition>({ verb: 'stream', stream: oneOf(comparison, streams) }),
  test({ stream }) {
    const wanted = streams.indexOf(stream)
    return { cost: 1, bind: (batch) => (index) => batch.stream[index] === wanted }
  },
  plan: ({ stream }) => ({ streams: [stream] }),
  covers: ({ stream }, extent) => extent.streams?.every((each) => each === stream) ?? false,
}

export const kind: Verb<KindCondition> = {
  verb: 'kind',
  names: ['kind'],
  detail: 'system, audit, event (started, exited …) or gap',
  recorded: 'few-values',
  values: kinds,
  parse: (comparison) => condition<KindCondition>({ verb: 'kind', kind: oneOf(comparison, kinds) }),
  test({ kind }) {
    const wanted = kinds.indexOf(kind)
    return { cost: 1, bind: (batch) => (index) => batch.kind[index] === wanted }
  },
  plan: ({ kind }) => ({ kinds: [kind] }),
  covers: ({ kind }, extent) => extent.kinds?.every((each) => each === kind) ?? false,
}
