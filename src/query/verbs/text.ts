// Words and phrases: text that occurs anywhere in the message or in a field's value (decisions/002). The usual search,
// so it is the fast one: plain words are looked for in bytes, and only what cannot be decided there is decoded.
import { lowerMessage, messagesOf } from '../match/batch-text.ts'
import { isAscii, rowsContaining, textTest } from '../match/byte-search.ts'
import { extrasMayContain } from '../match/extras-search.ts'
import { someValue } from '../match/field-values.ts'
import { condition, everything, type Condition } from '../language/syntax-tree.ts'
import { wordPlan } from '../plan/words.ts'
import { regexp } from './regexp.ts'
import { equalityOnly, type Verb } from './verb.ts'

type TextCondition = Extract<Condition, { verb: 'text' }>

export const text: Verb<TextCondition> = {
  names: ['message'],
  detail: 'a word in the message only',
  parse(comparison) {
    equalityOnly(comparison)
    const { value } = comparison
    if (value.form === 'regexp') return regexp.parse({ ...comparison, name: 'message' })
    const wanted = value.form === 'bare' ? value.text.replace(/^\*+|\*+$/g, '') : value.text
    return wanted ? condition({ verb: 'text', text: wanted, messageOnly: true }) : everything
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
}
