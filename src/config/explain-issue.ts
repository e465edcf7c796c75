// Faults that a schema found, in words that a person who never heard of the schema understands.
import type { z } from 'zod'
import { maskCommandLine } from '../secrets/mask-command.ts'
import { isSecretName } from '../secrets/mask-text.ts'
import { mask } from '../secrets/mask.ts'
import { nearestName } from '../text/nearest-name.ts'
import type { Path, Problem } from './problem.ts'

type Issue = z.core.$ZodIssue

/** `value`: checked by the schema. Wrong keys are `unknownKeys`' business and give no problem here. */
export function explainIssue(issue: Issue, value: unknown, base: Path = []): Problem[] {
  const path = [...base, ...issue.path.filter((part) => typeof part !== 'symbol')]
  const given = shownValue(valueAt(value, path), path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return []
    case 'invalid_type':
      return [{ path, message: wrong([wordsOf(issue.expected)], given) }]
    case 'invalid_value':
      return [{ path, message: wrong(issue.values.map(quote), given) }]
    case 'invalid_union':
      return explainUnion(issue, value, path, given)
    case 'too_small':
    case 'too_big':
      return [{ path, message: wrongSize(issue, given) }]
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues.flatMap((inner) => explainIssue(inner, value, path))
    case 'invalid_format':
    case 'not_multiple_of':
    case 'custom':
      return [{ path, message: sentence(issue.message) }]
  }
}

/** Of several alternatives: the one that fitted at least at its root, or else all that would have been right. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, value: unknown, path: Path, given: unknown): Problem[] {
  const fitting = issue.errors.find((branch) => branch.length > 0 && !branch.some(isAtRoot))
  if (fitting) return fitting.flatMap((inner) => explainIssue(inner, value, path))
  const right = rightOf(issue)
  if (right.length === 0) return [{ path, message: sentence(issue.message) }]
  return [{ path, message: wrong([...new Set(right)], given) }]
}

/** The value as a whole is of another type. */
function isAtRoot(issue: Issue): boolean {
  if (issue.path.length > 0) return false
  if (issue.code === 'invalid_union') return issue.errors.every((branch) => branch.some(isAtRoot))
  return issue.code === 'invalid_type' || issue.code === 'invalid_value'
}

function rightOf(issue: Issue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(rightOf)
  if (issue.code === 'invalid_type') return [wordsOf(issue.expected)]
  return issue.code === 'invalid_value' ? issue.values.map(quote) : []
}

const typeWords: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a group of keys',
  record: 'a group of names',
}

function wordsOf(type: string): string {
  return typeWords[type] ?? `of type ${type}`
}

function quote(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

/** `right`: what it may be, in words. */
function wrong(right: string[], given: unknown): string {
  const wanted = orList(right)
  if (given === undefined) return `is missing; it must be ${wanted}`
  const nearest = typeof given === 'string' ? nearestName(JSON.stringify(given), right) : undefined
  if (nearest) return `must be ${wanted}, not ${describe(given)}; did you mean ${nearest}?`
  const isUnquoted = typeof given === 'number' || typeof given === 'boolean'
  return `must be ${wanted}, not ${describe(given)}${isUnquoted && right.includes('text') ? '; put it in quotes' : ''}`
}

function wrongSize(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, given: unknown): string {
  const [small, limit] = issue.code === 'too_small' ? [true, issue.minimum] : [false, issue.maximum]
  if (small && Number(limit) <= 1 && issue.origin === 'string') return 'must not be empty'
  if (small && Number(limit) <= 1 && issue.origin === 'array') return 'must have at least one item'
  const unit: Record<string, string> = { string: ' characters', array: ' items', set: ' items' }
  const bound = small ? (issue.inclusive ? 'at least' : 'more than') : issue.inclusive ? 'at most' : 'less than'
  const verb = issue.origin in unit ? 'have' : 'be'
  return `must ${verb} ${bound} ${limit}${unit[issue.origin] ?? ''}, not ${describe(given)}`
}

function describe(given: unknown): string {
  if (given === null || given === '') return 'empty'
  if (Array.isArray(given)) return 'a list'
  if (typeof given === 'string') return JSON.stringify(given.length > 60 ? `${given.slice(0, 60)}…` : given)
  if (typeof given === 'object') return 'a group of keys'
  if (typeof given === 'function') return 'a function'
  return String(given as number | boolean | bigint | symbol)
}

/** Without secrets: what is wrong with one can be told without it. */
function shownValue(given: unknown, path: Path): unknown {
  if (typeof given === 'string' || typeof given === 'number')
    if (path.some((step) => typeof step === 'string' && isSecretName(step))) return mask
  return typeof given === 'string' ? maskCommandLine(given) : given
}

function orList(items: string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`
}

function sentence(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as Record<string | number, unknown>)[step]
  }
  return found
}
