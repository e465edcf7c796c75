// `logboom store retain`: removes what is too old or too much, through the hub where one runs.
import { formatCount, formatSize, parseSize, sizeExamples } from '../../text/amounts.ts'
import { durationExamples, parseDuration } from '../../time/duration.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { keepEverything, type Retention, type RetentionReport } from '../../contracts/retention.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import { findState, tryHub } from '../hub/find-hub.ts'
import { configOfPlace } from '../config-of-place.ts'
import { findStore, withStateLock } from './find-store.ts'
import { formatTable } from '../format-table.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { wantsColor } from '../terminal-style.ts'

export interface RetainOptions extends PlaceOptions {
  age?: string
  size?: string
  source?: string
  dryRun?: boolean
  json?: boolean
}

export async function storeRetain(options: RetainOptions): Promise<void> {
  const rules = parseRules(options)
  const { age, size, source, dryRun = false } = options
  const hub = await tryHub(await findState(options))
  const report = hub
    ? await hub.client.retain({
        ...(age === undefined ? {} : { age }),
        ...(size === undefined ? {} : { size }),
        ...(source === undefined ? {} : { source }),
        dryRun,
      })
    : await retainFiles(options, rules ?? (await configOfPlace(options)).retention, dryRun)
  const text = options.json
    ? `${JSON.stringify(report, null, 2)}\n`
    : formatReport(report, dryRun, wantsColor(process.stdout))
  process.stdout.write(text)
}

async function retainFiles(place: PlaceOptions, rules: Retention, dryRun: boolean): Promise<RetentionReport> {
  const { stateDirectory, type, options } = await findStore(place)
  return withStateLock(stateDirectory, async () => {
    const store = await type.open(options)
    try {
      return await store.retain({ rules, dryRun })
    } finally {
      await store.close()
    }
  })
}

/** Undefined where nothing is said. Throws `request-invalid`. */
function parseRules({ age, size, source }: RetainOptions): Retention | undefined {
  const limit = {
    ageMs: age === undefined ? false : amountOf('--age', age, parseDuration, durationExamples),
    bytes: size === undefined ? false : amountOf('--size', size, parseSize, sizeExamples),
  } as const
  if (age === undefined && size === undefined) {
    if (source === undefined) return undefined
    throw new LogboomError('request-invalid', '--source alone says nothing', { hint: 'Add --age or --size.' })
  }
  if (source === undefined) return { ...limit, sources: [] }
  return { ...keepEverything, sources: [{ pattern: source, ...limit }] }
}

function amountOf(flag: string, text: string, parse: (text: string) => number | undefined, examples: string): number {
  const amount = parse(text)
  if (amount === undefined)
    throw new LogboomError('request-invalid', `${flag} ${JSON.stringify(text)} is not understood`, {
      hint: `Say it like one of: ${examples}`,
    })
  return amount
}

function formatReport({ records, bytes, sources, days }: RetentionReport, dryRun: boolean, color: boolean): string {
  if (records === 0) return `Nothing ${dryRun ? 'would be' : 'was'} removed\n`
  const rows = sources.map((each) => [escapeTerminal(each.source), each.records, formatSize(each.bytes)])
  const span = days.length === 1 ? days[0]! : `${days[0]} to ${days.at(-1)}`
  const lines = [
    ...formatTable(['SOURCE', 'RECORDS', 'ON DISK'], rows, color),
    '',
    `${dryRun ? 'Would remove' : 'Removed'} ${formatCount(records)} records (${formatSize(bytes)}) captured ${span}`,
  ]
  return `${lines.join('\n')}\n`
}
