// Whatever a line looks like, each of its words is still in the record, and nothing makes a stage throw or take long. The lines
// are those of docs/formats.md, whole, cut, and crossed with each other.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { recordAt } from '../../contracts/batch.ts'
import type { LogRecord } from '../../contracts/record.ts'
import { openRandom } from './random-harness.ts'
import { stagesOf, throughStages } from './stages-harness.ts'

const document = readFileSync(path.resolve(import.meta.dirname, '../../../docs/formats.md'), 'utf8')
const samples = [...document.matchAll(/^```format\n([\s\S]*?)^```/gm)]
  .flatMap((match) => match[1]!.split('\n'))
  .filter((line) => line !== '' && !line.startsWith('→'))
  .map((line) => line.replaceAll('␛', '\x1b').replaceAll('⇥', '\t'))

/** Of `date`: half of the day, zone, year. */
const behindClock = String.raw`([.,]\d+)?( [AP]M)?( (?:UTC|CEST|[+-]\d\d(?:\d\d)?))?( \d{4})?`
/** Times in all their forms, which become a number. */
const times = new RegExp(
  [
    String.raw`\d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d(\.\d+)?`,
    String.raw`(\d{4}|\d\d)[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d([.,]\d+)?( ?(Z|UTC|[+-]\d\d:?(\d\d)?))?`,
    String.raw`\d{6} \d{6}`,
    String.raw`(Sun,? )?\d\d Oct (\d{4} )?\d\d:\d\d:\d\d${behindClock}`,
    String.raw`(Sun |Dec |Oct )+\d\d \d\d:\d\d:\d\d${behindClock}`,
    String.raw`(Sun |Dec |Oct )+ ?\d{1,2} (\d\d:\d\d:\d\d([.,]\d+)?)?( \d{4})?`,
    String.raw`\d\d[- /]Oct[- /]\d{4}[: ]\d\d:\d\d:\d\d([.,]\d+)?( [+-]\d{4})?`,
    String.raw`[IWEF](2025)?1019 \d\d:\d\d:\d\d(\.\d+)?`,
    String.raw`\d\d:\d\d:\d\d([.,]\d+)?`,
    String.raw`1117838570 2005\.06\.03`,
    String.raw`17608533\d+(\.\d+)?`,
  ].join('|'),
  'g',
)
/** Words that are the format's, not the line's: levels and keys. */
const ofFormats = new Set(
  (
    'trace debug info warn warning error critical fatal log notice in stdout stderr client pid tid ' +
    'level severity levelname msg message event time timestamp ts asctime name logger log.level log.logger ' +
    'trace_id span_id stream fields target on 40 50 38 165 wrn err inf utc'
  ).split(' '),
)

function words(text: string): string[] {
  return text.match(/[\p{L}\d_]{2,}/gu) ?? []
}

const colour = /\x1b\[\d*m/g

/** All that a record says, escapes undone. */
function saidBy({ message, logger, fields, traceId, spanId }: LogRecord): string {
  return [message, logger, traceId, spanId, JSON.stringify(fields)?.replaceAll('\\"', '"')]
    .join(' ')
    .replaceAll(colour, '')
}

/** The words of the line that are nowhere in the record. */
function missing(line: string, record: LogRecord): string[] {
  const said = saidBy(record)
  // What is masked is meant to be missing.
  if (record.message === line || record.fields?.['logboom.masked']) return []
  return words(line.replaceAll(colour, '').replace(times, ' ')).filter(
    (word) => !said.includes(word) && !ofFormats.has(word.toLowerCase()) && !ofFormats.has(word),
  )
}

test('each word of each documented line is in its record', () => {
  assert.ok(samples.length >= 50)
  const batch = throughStages(stagesOf(), samples)
  samples.forEach((line, row) => assert.deepEqual(missing(line, recordAt(batch, row)), [], line))
})

test('so is each word of lines that are cut, crossed and coloured, from sources that mix all formats', () => {
  const random = openRandom(20251019)
  const stages = stagesOf()
  const part = (line: string): string => {
    const from = random(3) === 0 ? random(line.length) : 0
    return line.slice(from, from + random(line.length - from) + 1)
  }
  for (let round = 0; round < 100; round++) {
    const lines = Array.from({ length: 50 }, () => {
      const [one, other] = [samples[random(samples.length)]!, samples[random(samples.length)]!]
      const crossed = random(2) === 0 ? part(one) + part(other) : `${part(one)} ${other}`
      return random(5) === 0 ? crossed.replace(' ', ' \x1b[32m') : crossed
    })
    const batch = throughStages(stages, lines)
    lines.forEach((line, row) => {
      const record = recordAt(batch, row)
      assert.deepEqual(missing(line, record), [], `${line}\n${JSON.stringify(record)}`)
      assert.ok(record.severity >= 1 && record.severity <= 24 && Number.isFinite(record.time), line)
    })
  }
})

const units = 'a| |\t|[|]|(|"|\\|0|:|.|=|,|a |a.|a:|::|a=|="|=" |\\"|{}:|[x]|\x1b[|\x1b[0m|- |é'.split('|')

/** Every beginning of every documented line, followed by a great many of the same. */
function hostileLines(bytes: number): string[] {
  return samples.flatMap((line, i) => {
    const ends = Array.from(line.matchAll(/[^\p{L}\d]+/gu), ({ 0: found, index }) => index + found.length)
    const cuts = [0, ...ends]
    return cuts.map((cut, k) => {
      const unit = units[(i + 7 * k) % units.length]!
      return line.slice(0, cut) + unit.repeat(Math.ceil(bytes / Buffer.byteLength(unit)))
    })
  })
}

test('hostile lines take time in proportion to their length', { timeout: 60_000 }, () => {
  const stages = stagesOf()
  const read = (lines: readonly string[]): void => {
    for (const line of lines) {
      const record = recordAt(throughStages(stages, [line]), 0)
      assert.ok(record.severity >= 1 && record.message.length <= line.length)
    }
  }
  // As long as what formats look at, all of them; longer ones need not be many.
  read(hostileLines(20_000))
  read(units.map((unit) => unit.repeat(1_000_000 / unit.length)))
  read(samples.map((line) => `${line.slice(0, 30)}${'x y="'.repeat(200_000)}`).slice(0, 20))
})
