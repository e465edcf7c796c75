// `since:15m`, `until:2025-10-19`, `time:05:00..06:00`, `time>=2025-10-19T05`: event time, fixed when the query is read.
import { queryError, type Position } from '../language/query-error.ts'
import { spanOf } from './span.ts'
import { condition } from '../language/syntax-tree.ts'
import { parseTimeSpan, timeExamples, unsignedTime } from '../../time/time-expression.ts'
import { equalityOnly, type Verb } from './verb.ts'

/** Unix milliseconds, `from` inclusive, `to` exclusive. */
export type TimeCondition = { verb: 'time'; from?: number; to?: number }

export const time: Verb<TimeCondition> = {
  verb: 'time',
  names: ['since', 'until', 'time'],
  recorded: 'nothing',
  detail: 'event time: 15m (ago), 05:47, 2025-10-19',
  values: ['5m', '15m', '1h', '6h', '1d', '7d', 'today', 'yesterday'],
  parse(comparison) {
    const { value, now, raw } = comparison
    const read = (text: string) => parseTimeSpan(text, now)
    const wrong = (text: string, position: Position) => {
      const unsigned = unsignedTime(text)
      return queryError(
        text ? `${text} is not a time` : `A time is missing after ${raw}`,
        position,
        unsigned
          ? `${unsigned} ago is written ${raw.replace(text, unsigned)}`
          : `Times are written like ${timeExamples}; with a space inside, in quotes.`,
      )
    }
    const name = comparison.name.toLowerCase()
    if (name !== 'time') {
      equalityOnly(comparison)
      const at = read(value.text)?.from
      if (at === undefined) throw wrong(value.text, value)
      return condition<TimeCondition>(name === 'since' ? { verb: 'time', from: at } : { verb: 'time', to: at })
    }
    const { from, to } = spanOf(comparison, read, wrong)
    return condition<TimeCondition>({
      verb: 'time',
      ...(from > -Infinity ? { from } : {}),
      // A moment, as in `time:15m`, stands for what has been since.
      ...(to < Infinity && to > from ? { to } : {}),
    })
  },
  test({ from = -Infinity, to = Infinity }) {
    return {
      cost: 1,
      bind({ time }) {
        return (index) => time[index]! >= from && time[index]! < to
      },
    }
  },
  plan: ({ from, to }) => ({
    ...(from === undefined ? {} : { timeFrom: from }),
    ...(to === undefined ? {} : { timeTo: to }),
  }),
  covers: ({ from = -Infinity, to = Infinity }, { timeFrom, timeTo }) =>
    timeFrom !== undefined && timeTo !== undefined && timeFrom >= from && timeTo < to,
}
