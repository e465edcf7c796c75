// Values in requests, as zod schemas that are given zod. Each says in people's words what it must be. Numbers and booleans may
// come as text, since query strings have nothing else.
import type { z } from 'zod'
import { levelExamples, parseSeverity, severityName, type SeverityName } from '../contracts/record.ts'
import type { Zod } from '../contracts/zod.ts'
import { parseTimeExpression, timeExamples, unsignedTime } from '../time/time-expression.ts'

const maxQueryCharacters = 16_384

/** The message of a value that is missing or another one. */
const must =
  (words: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? `is missing; it must be ${words}` : `must be ${words}`

interface Bounds {
  least?: number
  most?: number
}

/** Of JSON. */
export function number(z: Zod, { least = 0, most }: Bounds = {}): z.ZodType<number> {
  const words = least === 0 && most === undefined ? 'a whole number' : `a whole number from ${least} ${upTo(most)}`
  const wrong = must(words)
  const tooBig =
    most === undefined ? `must be a whole number of at most ${Number.MAX_SAFE_INTEGER}` : `must be ${words}`
  const whole = z
    .int({ error: (issue) => (issue.code === 'too_big' ? tooBig : wrong(issue)) })
    .min(least, `must be ${words}`)
  return most === undefined ? whole : whole.max(most, tooBig)
}

const upTo = (most: number | undefined): string => (most === undefined ? 'on' : `to ${most}`)

/** Also as text. */
export const wholeNumber = (z: Zod, bounds?: Bounds): z.ZodType<number> =>
  z.preprocess((value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value), number(z, bounds))

/** Of JSON. */
export const truth = (z: Zod): z.ZodBoolean => z.boolean({ error: must('true or false') })

/** Also as text. */
export const flag = (z: Zod): z.ZodType<boolean> =>
  z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), truth(z))

export const choice = <const Value extends string>(z: Zod, values: readonly Value[]): z.ZodType<Value> =>
  z.enum(values as readonly [Value, ...Value[]], {
    error: must(`${values.slice(0, -1).join(', ')} or ${values.at(-1)}`),
  }) as unknown as z.ZodType<Value>

export const text = (z: Zod, maxCharacters: number): z.ZodString =>
  z.string({ error: must('text') }).max(maxCharacters, `must have at most ${maxCharacters} characters`)

/** Of something that has one. */
export const name = (z: Zod, maxCharacters = 256): z.ZodString => text(z, maxCharacters).min(1, 'must not be empty')

/** Of JSON. */
export const listOf = <Item>(
  z: Zod,
  item: z.ZodType<Item>,
  { words, least = 0, most }: { words: string; least?: number; most: number },
): z.ZodType<Item[]> =>
  z
    .array(item, { error: must(words) })
    .min(least, `must be ${words}`)
    .max(most, `must be at most ${most} of them`)

/** Text that `parse` understands, as what it means. */
export const meaning = <Meaning>(
  z: Zod,
  parse: (text: string) => Meaning | undefined,
  words: string | ((text: string) => string),
): z.ZodType<Meaning> =>
  z.string({ error: must(typeof words === 'string' ? words : words('')) }).transform((given, context): Meaning => {
    const parsed = parse(given)
    if (parsed === undefined)
      context.addIssue({ code: 'custom', message: `must be ${typeof words === 'string' ? words : words(given)}` })
    return parsed!
  })

/** In any customary spelling. */
export const level = (z: Zod): z.ZodType<SeverityName> => meaning(z, levelNamed, `a level: ${levelExamples}`)

export function levelNamed(given: string): SeverityName | undefined {
  const severity = parseSeverity(given)
  return severity === undefined ? undefined : severityName(severity)
}

/** A time as Unix milliseconds. */
export const point = (z: Zod): z.ZodType<number> =>
  meaning(
    z,
    (given) => parseTimeExpression(given, Date.now()),
    (given) => {
      const unsigned = unsignedTime(given)
      const right = `a time: Unix milliseconds, ${timeExamples}`
      return unsigned === undefined ? right : `${right}; ${unsigned} ago is written ${unsigned}`
    },
  )

/** `TIME,ID`. */
export const timePlace = (z: Zod): z.ZodType<{ time: number; id: number }> =>
  meaning(z, parseTimePlace, 'a place in the order of time: Unix milliseconds, a comma, an id')

function parseTimePlace(given: string): { time: number; id: number } | undefined {
  const [time, id, ...rest] = given.split(',').map((part) => (part === '' ? NaN : Number(part)))
  return Number.isFinite(time) && Number.isSafeInteger(id) && rest.length === 0 ? { time: time!, id: id! } : undefined
}

/** A query that need not be right. */
export const typedText = (z: Zod): z.ZodString => text(z, maxQueryCharacters)

/** `a,b` or `names=a&names=b`. */
export const names = (z: Zod): z.ZodType<string[] | undefined> =>
  z.preprocess(
    (value) =>
      value === undefined
        ? value
        : [value]
            .flat()
            .flatMap((each) => String(each).split(','))
            .filter(Boolean),
    z.array(name(z)).min(1, 'must be at least one name').max(20, 'must be at most 20 names').optional(),
  )
