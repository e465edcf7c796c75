// Logs without end, the same for the same seed: real lines (or lines of our own) with fresh values, as newline JSON of ten
// fields. Also a command: `node bench/store/generate.ts COUNT [SEED] > file`, which tells on standard error what it made.
import { once } from 'node:events'
import { openCompressor } from './compress.ts'
import { chooseCommonWord, plantedMessage, rareWord, regularExpression, substring, type Needles } from './needles.ts'
import { openService } from './open-service.ts'
import { openRandom } from './random.ts'
import { loadSamples, type SampleSource } from './sample-lines.ts'

export interface GeneratorOptions {
  count: number
  seed?: number
  /** Unix milliseconds of the first record. */
  startTime?: number
  /** By the clock in the records: two million of them take half an hour. */
  recordsPerSecond?: number
  samples?: SampleSource[]
}

/** Facts about all that was generated. */
export interface Truth {
  records: number
  bytes: number
  levels: Record<string, number>
  sources: Record<string, number>
  /** In how many records each needle is. */
  hits: Record<keyof Omit<Needles, 'source'>, number>
}

export interface Generator {
  needles: Needles
  truth: Truth
  /** Newline JSON in pieces of about a mebibyte, each of whole lines. */
  pieces(): Generator_
}

type Generator_ = globalThis.Generator<Buffer, void>

const pieceBytes = 1 << 20
const plantedAtMost = 60

export function openGenerator(options: GeneratorOptions): Generator {
  const { count, seed = 1, startTime = Date.UTC(2026, 0, 15, 8), recordsPerSecond = 1000 } = options
  const samples = options.samples ?? loadSamples()
  const random = openRandom(seed)
  const services = samples.map((sample, n) => openService(sample, openRandom(seed * 1000 + n + 1)))
  const turns = services.flatMap((service, n) => Array.from({ length: samples[n]!.weight }, () => service))
  const leastWeight = Math.min(...samples.map(({ weight }) => weight))
  const needles: Needles = {
    rareToken: random.hex(16),
    rareWord,
    substring,
    regularExpression,
    commonWord: chooseCommonWord(samples),
    source: samples.find(({ weight }) => weight === leastWeight)!.name,
  }
  const truth: Truth = {
    records: 0,
    bytes: 0,
    levels: {},
    sources: {},
    hits: { rareToken: 0, rareWord: 0, substring: 0, regularExpression: 0, commonWord: 0 },
  }

  function* pieces(): Generator_ {
    const plantEvery = Math.ceil(count / Math.min(plantedAtMost, Math.ceil(count / 100)))
    const tokenAt = Math.floor(count / 50)
    const formatTime = openTimeFormat()
    let clock = startTime
    let service = turns[0]!
    let piece = ''
    for (let n = 0; n < count; n++) {
      clock += (random.exponential() * 1000) / recordsPerSecond
      // A service that prints, prints a few lines; now and then one of them comes late.
      if (random() < 0.3) service = random.pick(turns)
      const time = random() < 0.05 ? clock - random() * 200 : clock
      service.next()
      if (n % plantEvery === plantEvery >> 1) {
        const planted = plantedMessage(Math.floor(n / plantEvery), random)
        service.message = planted.message
        truth.hits[planted.needle]++
      } else if (service.message.includes(needles.commonWord)) truth.hits.commonWord++
      const at = formatTime(Math.max(startTime, Math.floor(time)))
      if (n === tokenAt) truth.hits.rareToken++
      piece += service.format(at, n === tokenAt ? needles.rareToken : undefined)
      truth.records++
      truth.levels[service.level] = (truth.levels[service.level] ?? 0) + 1
      truth.sources[service.name] = (truth.sources[service.name] ?? 0) + 1
      if (piece.length >= pieceBytes || n === count - 1) {
        const bytes = Buffer.from(piece)
        truth.bytes += bytes.length
        piece = ''
        yield bytes
      }
    }
  }
  return { needles, truth, pieces }
}

/** ISO 8601 in UTC; a second's prefix is made once. */
function openTimeFormat(): (time: number) => string {
  let second = NaN
  let prefix = ''
  return (time) => {
    const thisSecond = Math.floor(time / 1000)
    if (thisSecond !== second) {
      second = thisSecond
      prefix = new Date(second * 1000).toISOString().slice(0, 20)
    }
    return `${prefix}${String(time - second * 1000).padStart(3, '0')}Z`
  }
}

/** Of what the compressor is given: level 19 takes a second for each few megabytes. */
const compressedAtMost = 32 << 20

async function main(): Promise<void> {
  const [count, seed] = [Number(process.argv[2]), Number(process.argv[3] ?? 1)]
  if (!(count >= 1) || !Number.isInteger(seed)) {
    console.error('Usage: node bench/store/generate.ts COUNT [SEED] > file')
    process.exit(2)
  }
  const generator = openGenerator({ count, seed })
  const { needles, truth } = generator
  const compressor = openCompressor()
  const startedAt = performance.now()
  for (const piece of generator.pieces()) {
    if (truth.bytes <= compressedAtMost) await compressor.add(piece)
    if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
  }
  const seconds = (performance.now() - startedAt) / 1000
  console.error({ seed, seconds, ...truth, bytesPerRecord: truth.bytes / truth.records, needles })
  const { tool, bytes, compressedBytes } = await compressor.end()
  console.error(`${tool} of the first ${bytes} bytes: ${compressedBytes}, 1 to ${(bytes / compressedBytes).toFixed(2)}`)
}

if (import.meta.main) await main()
