// `template:3fa2*`, `template:"connected to <*> in <*> ms"`: messages that say the same but for their variables. Finding the
// variables is dear, so it is asked last, and each distinct template is decided once.
import { templateId, templateOf, variableMark } from '../../text/template.ts'
import { messagesOf } from '../match/batch-text.ts'
import { isAscii, rowsContaining } from '../match/byte-search.ts'
import { queryError } from '../language/query-error.ts'
import { condition, type Condition } from '../language/syntax-tree.ts'
import { latinOf, latinTemplate, utf8Of } from '../match/template-text.ts'
import { eachWord, wordPlan } from '../plan/words.ts'
import { equalityOnly, type Verb } from './verb.ts'

export interface TemplateCondition extends Condition {
  verb: 'template'
  /** Beginning of the template's identity. */
  id: string
  /** The template itself where it is known. */
  text?: string
}

/** Bounds on what is remembered; longer templates are decided each time. */
const maxRemembered = 10_000
const longestRemembered = 2000

export const template: Verb<TemplateCondition> = {
  verb: 'template',
  names: ['template', 'pattern'],
  recorded: 'templates',
  detail: 'messages that differ in their variables only',
  parse(comparison) {
    equalityOnly(comparison)
    const { value, name, raw } = comparison
    if (value.form === 'quoted' && value.text) {
      // A quoted text may also be one of the messages: a template has no variables left.
      const text = templateOf(value.text)
      return condition<TemplateCondition>({ verb: 'template', id: templateId(text), text })
    }
    const id = value.text.toLowerCase()
    if (value.form === 'bare' && /^(?:[0-9a-f]{16}|[0-9a-f]{4,16}\*+)$/.test(id)) {
      return condition<TemplateCondition>({ verb: 'template', id: id.replace(/\*+$/, '') })
    }
    throw queryError(
      value.text ? `${value.text} is not the id of a template` : `A template is missing after ${raw}`,
      value.text ? value : comparison,
      `Write ${name}:3fa2* with at least 4 of its 16 digits, or the text: ${name}:"connected to <*> in <*> ms"`,
    )
  },
  test({ id, text }) {
    const matches = text === undefined ? beginsWith(id) : equals(text)
    const [word] = wordsOf(text)
    return {
      cost: 450,
      bind(batch) {
        const messages = messagesOf(batch)
        const { bytes, start, end } = messages
        const maybe = word === undefined ? undefined : rowsContaining(messages, word, false)
        return (index) => (!maybe || maybe(index)) && matches(latinTemplate(bytes, start[index]!, end[index]!))
      },
    }
  },
  plan: ({ id, text }) => ({ templates: [id], ...wordPlan(wordsOf(text)) }),
}

function equals(text: string): (latin: string) => boolean {
  const wanted = latinOf(text)
  return (latin) => latin === wanted
}

function beginsWith(id: string): (latin: string) => boolean {
  const known = new Map<string, boolean>()
  return (latin) => {
    let answer = known.get(latin)
    if (answer === undefined) {
      answer = templateId(utf8Of(latin)).startsWith(id)
      if (known.size === maxRemembered) known.clear()
      if (latin.length <= longestRemembered) known.set(latin, answer)
    }
    return answer
  }
}

/** Words between the variables: they are in every message. Beyond ASCII, lower case depends on what stands beside a letter. */
function wordsOf(text: string | undefined): string[] {
  return text === undefined ? [] : eachWord(text.toLowerCase().split(variableMark).filter(isAscii))
}
