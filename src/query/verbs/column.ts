// `stream:stderr`, `kind:audit` and `run:3`: small columns with few values, and the run, which a batch has one of.
import { kinds, streams } from '../../record.ts'
import { queryError } from '../query-error.ts'
import { condition, type Condition } from '../syntax-tree.ts'
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
  parse: (comparison) => condition({ verb: 'stream', stream: oneOf(comparison, streams) }),
  test({ stream }) {
    const wanted = streams.indexOf(stream)
    return { cost: 1, bind: (batch) => (index) => batch.stream[index] === wanted }
  },
  plan: ({ stream }) => ({ streams: [stream] }),
}

export const kind: Verb<Extract<Condition, { verb: 'kind' }>> = {
  names: ['kind'],
  parse: (comparison) => condition({ verb: 'kind', kind: oneOf(comparison, kinds) }),
  test({ kind }) {
    const wanted = kinds.indexOf(kind)
    return { cost: 1, bind: (batch) => (index) => batch.kind[index] === wanted }
  },
  plan: ({ kind }) => ({ kinds: [kind] }),
}

export const run: Verb<Extract<Condition, { verb: 'run' }>> = {
  names: ['run'],
  parse({ operator, value, raw }) {
    if (!/^\d{1,15}$/.test(value.text)) {
      const message = value.text ? `${value.text} is not the number of a run` : `A number is missing after ${raw}`
      throw queryError(message, value, 'Write run:3 or run>=2')
    }
    const number = Number(value.text)
    const last = Number.MAX_SAFE_INTEGER
    switch (operator) {
      case '=':
        return condition({ verb: 'run', from: number, to: number })
      case '>=':
        return condition({ verb: 'run', from: number, to: last })
      case '>':
        return condition({ verb: 'run', from: number + 1, to: last })
      case '<=':
        return condition({ verb: 'run', from: 0, to: number })
      case '<':
        return condition({ verb: 'run', from: 0, to: number - 1 })
    }
  },
  test({ from, to }) {
    return { cost: 0, bind: (batch) => batch.run >= from && batch.run <= to }
  },
  plan: ({ from, to }) => ({ runFrom: from, runTo: to }),
}
