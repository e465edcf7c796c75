// Words and phrases: text that occurs anywhere in the message or in a field's value (decisions/002). The usual search,
// so it is the fast one: plain words are looked for in bytes, and only what cannot be decided there is decoded.
import { lowerMessage, messagesOf } from '../match/batch-text.ts'
import { isAscii, rowsContaining, textTest } from '../match/byte-search.ts'
import { extrasMayContain } from '../match/extras-search.ts'
import { someValue } from '../match/field-values.ts'
import { condition, everything, type Condition, type Query } from '../language/syntax-tree.ts'
import { wordPlan } from '../plan/words.ts'
import { regexp } from './regexp.ts'
import { equalityOnly, type Verb } from './verb.ts'

export interface TextCondition extends Condition {
  verb: 'text'
  /** Must occur in the message, the logger, an id or a field's value. */
  text: string
  /** Only where no letter or digit adjoins: `port:80` is not in `port:8080`. */
  whole?: boolean
  /** Look at the message only. */
  messageOnly?: boolean
}

export function textQuery(text: string, { whole = false }: { whole?: boolean } = {}): Query {
  return condition<TextCondition>({ verb: 'text', text, ...(whole ? { whole } : {}) })
}

export const text: Verb<TextCondition> = {
  verb: 'text',
  names: ['message'],
  recorded: 'nothing',
  detail: 'a word in the message only',
  parse(comparison) {
    equalityOnly(comparison)
    const { value } = comparison
    if (value.form === 'regexp') return regexp.parse({ ...comparison, name: 'message' })
    const wanted = value.form === 'bare' ? value.text.replace(/^\*+|\*+$/g, '') : value.text
    return wanted ? condition<TextCondition>({ verb: 'text', text: wanted, messageOnly: true }) : everything
  },
  test(wanted) {
    const needle = wanted.text.toLowerCase()
    const whole = wanted.whole ?? false
    const found = textTest(needle, whole)
    const inValue = (value: string) => found(value.toLowerCase())
    const ascii = isAscii(needle)
    return {
      cost: 100,
      bind(batch) {
        const inMessage = ascii
          ? rowsContaining(messagesOf(batch), needle, whole)
          : (index: number) => found(lowerMessage(batch, index))
        if (wanted.messageOnly) return inMessage
        const maybeInExtras = extrasMayContain(batch, needle)
        return (index) => inMessage(index) || (maybeInExtras(index) && someValue(batch, index, inValue))
      },
    }
  },
  plan: (wanted) => wordPlan([wanted.text.toLowerCase()]),
  onlyWords: ({ text, whole, messageOnly }) => (whole || messageOnly ? undefined : [text.toLowerCase()]),
}
