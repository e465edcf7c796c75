// A query verb as somebody would add it: `ip:10.0.*`, an address of that beginning anywhere in the message.
import type { Condition } from '../../../src/query/language/syntax-tree.ts'
import { condition } from '../../../src/query/language/syntax-tree.ts'
import { lowerMessage } from '../../../src/query/match/batch-text.ts'
import type { Verb } from '../../../src/query/verbs/verb.ts'

interface AddressCondition extends Condition {
  verb: 'ip'
  beginning: string
}

export const part: Verb<AddressCondition> = {
  verb: 'ip',
  names: ['ip'],
  detail: 'an address in the message',
  values: ['127.0.0.1'],
  recorded: 'nothing',
  parse: ({ value }) => condition<AddressCondition>({ verb: 'ip', beginning: value.text.replace(/\*$/, '') }),
  test: ({ beginning }) => ({
    cost: 200,
    bind: (batch) => (index) =>
      (lowerMessage(batch, index).match(/\b\d+(\.\d+){3}\b/g) ?? []).some((address) => address.startsWith(beginning)),
  }),
  plan: ({ beginning }) => ({ words: [beginning] }),
  covers: ({ beginning }) => beginning === '',
}
