// Sealed blocks that are too old or too many by the rules. A pure question of headers and sizes; nothing is touched here.
import { patternTest } from '../../../query/match/wildcard.ts'
import type { Limit, Retention } from '../../../contracts/retention.ts'
import { frameBytes } from '../../../wire/frame.ts'
import type { BlockAt, BlockGroup } from '../day/day-file.ts'
import { dayOf } from '../names.ts'
import { sealedBefore, type DaySurvey, type Survey } from '../survey.ts'

/** Blocks to remove from one day. */
export interface DayRemoval {
  day: DaySurvey
  /** By group, those that lose any. */
  blocks: Map<BlockGroup, Set<BlockAt>>
  /** Nothing of the day remains. */
  isWhole: boolean
}

/** Of a day that must be written anew, at least this share goes at once, so that writing costs little for what it frees. */
const leastShare = 1 / 4

interface Item {
  day: DaySurvey
  group: BlockGroup
  block: BlockAt
}

/** `unsealed`: bytes of each source that are not sealed yet; they count, and are not what goes. */
export function planRetention(
  survey: Survey,
  rules: Retention,
  now: number,
  unsealed: ReadonlyMap<string, number> = new Map(),
): DayRemoval[] {
  const before = sealedBefore(survey)
  /** In order of capture. */
  const items: Item[] = survey.days
    .flatMap((day) => day.groups.map((group) => ({ day, group })))
    .filter(({ group }) => group.first < before)
    .sort((a, b) => a.group.first - b.group.first)
    .flatMap(({ day, group }) => group.blocks.map((block) => ({ day, group, block })))
  const limitOf = openLimits(rules)
  const gone = new Set<BlockAt>()
  const stays = ({ block }: Item): boolean => !gone.has(block)
  const remove = (some: readonly Item[]): void => some.forEach(({ block }) => gone.add(block))

  remove(items.filter(({ day, block }) => isOlder(day.name.day, limitOf(block.header.source).ageMs, now)))

  for (const [source, own] of Map.groupBy(items.filter(stays), ({ block }) => block.header.source)) {
    const { bytes } = limitOf(source)
    // Each day is written anew but once for a source: what is left of its day goes with it.
    if (bytes === false) continue
    const excess = sumBytes(own) + (unsealed.get(source) ?? 0) - bytes
    remove(oldest(own, excess, (day) => (isOver(day, now) ? 1 : leastShare)))
  }

  if (rules.bytes !== false) {
    const freed = sumBytes(items.filter((item) => !stays(item)))
    remove(
      wholeGroups(
        items,
        oldest(items.filter(stays), survey.bytes - freed - rules.bytes, () => leastShare),
      ),
    )
  }
  return byDay(
    survey,
    items.filter((item) => !stays(item)),
  )
}

/** The rule for a source. */
function openLimits(rules: Retention): (source: string) => Limit {
  const sources = rules.sources.map((rule) => ({
    matches: patternTest({ text: rule.pattern, wildcard: rule.pattern.includes('*') }),
    rule,
  }))
  const known = new Map<string, Limit>()
  return (source) => {
    let limit = known.get(source)
    if (!limit) {
      const rule = sources.find(({ matches }) => matches(source))?.rule
      known.set(source, (limit = { ageMs: rule?.ageMs ?? rules.ageMs, bytes: rule?.bytes ?? false }))
    }
    return limit
  }
}

/** All that was captured on the day is older. */
function isOlder(day: string, ageMs: number | false, now: number): boolean {
  return ageMs !== false && day < dayOf(Math.max(0, now - ageMs))
}

const isOver = ({ name }: DaySurvey, now: number): boolean => name.day < dayOf(now)

/** The first so many bytes, and of the day where these end at least its share. */
function oldest(items: readonly Item[], bytes: number, shareOf: (day: DaySurvey) => number): Item[] {
  const found: Item[] = []
  let freed = 0
  let least = 0
  for (const own of Map.groupBy(items, ({ day }) => day).values()) {
    least = Math.max(bytes, freed + sumBytes(own) * shareOf(own[0]!.day))
    if (freed >= bytes) break
    for (const item of own) {
      if (freed >= least) break
      found.push(item)
      freed += bytesOf(item)
    }
  }
  return found
}

/** Groups go as a whole where it does not matter whose records they are. */
function wholeGroups(items: readonly Item[], some: readonly Item[]): Item[] {
  const groups = new Set(some.map(({ group }) => group))
  return items.filter(({ group }) => groups.has(group))
}

function byDay(survey: Survey, items: readonly Item[]): DayRemoval[] {
  const ofDay = Map.groupBy(items, ({ day }) => day)
  const before = sealedBefore(survey)
  return survey.days.flatMap((day) => {
    const own = ofDay.get(day)
    if (!own) return []
    const blocks = new Map(
      [...Map.groupBy(own, ({ group }) => group)].map(([group, each]) => [
        group,
        new Set(each.map(({ block }) => block)),
      ]),
    )
    const isWhole = day.groups.every(
      (group) => group.first >= before || blocks.get(group)?.size === group.blocks.length,
    )
    return { day, blocks, isWhole }
  })
}

const bytesOf = ({ block }: Item): number => frameBytes(block.payloadBytes)
const sumBytes = (items: readonly Item[]): number => items.reduce((sum, item) => sum + bytesOf(item), 0)
