// The examples of docs/formats.md are true: each line becomes the record that stands below it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { severityName } from '../../contracts/record.ts'
import { formatFileTime } from '../../time/clock.ts'
import { formatFields } from '../../wire/text-line.ts'
import { captured, recordOf } from './stages-harness.ts'

const document = readFileSync(path.resolve(import.meta.dirname, '../../../docs/formats.md'), 'utf8')
const blocks = [...document.matchAll(/^```format\n([\s\S]*?)^```/gm)].map((match) => match[1]!)
const examples = blocks.flatMap((block) => block.trimEnd().split(/\n(?!→)/))

/** What a terminal would not show has a sign in the document. */
const signs: [sign: string, character: string][] = [
  ['␛', '\x1b'],
  ['⇥', '\t'],
]

function asPrinted(text: string): string {
  return signs.reduce((printed, [sign, character]) => printed.replaceAll(sign, character), text)
}

function asDocumented(text: string): string {
  return signs.reduce((shown, [sign, character]) => shown.replaceAll(character, sign), text)
}

/** `→ time LEVEL logger: message`, and the fields below it. */
function describe(line: string): string {
  const record = recordOf(line)
  const time = record.time === captured ? 'captured' : formatFileTime(record.time, true)
  const logger = record.logger === undefined ? '' : ` ${record.logger}`
  const { fields, traceId, spanId, stream } = record
  const more = formatFields({
    ...fields,
    traceId,
    spanId,
    stream: stream === 'stdout' ? undefined : stream,
  })
  const text = `→ ${time} ${severityName(record.severity)}${logger}: ${record.message}`
  return asDocumented(more === '' ? text : `${text}\n→${more}`)
}

test('the document has examples', () => assert.ok(examples.length >= 50))

for (const example of examples) {
  const [line, ...expected] = example.split('\n')
  test(`docs/formats.md: ${line}`, () => assert.equal(describe(asPrinted(line!)), expected.join('\n')))
}
