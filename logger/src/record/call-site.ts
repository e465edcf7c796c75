// Module, function and line of the code that logs (B3), for loggers that ask for them.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { fieldText, noFields, type FieldTexts } from './field-texts.ts'

const file = fileURLToPath(import.meta.url)
/** The bundle lies in one directory; as source, the folders of the logger and pino's. */
const ownDirectory = file.endsWith('.ts') ? path.resolve(file, '../..') : path.dirname(file)

function isOwn(place: string): boolean {
  return (
    (place.startsWith(ownDirectory + path.sep) && !place.endsWith('.test.ts')) ||
    /[\\/]node_modules[\\/]pino[\\/]/.test(place)
  )
}

/** Frames of the logger itself are at most so many. */
const framesSeen = 16

export function callSiteFields(): FieldTexts {
  const site = outerSite()
  const place = site?.getFileName()
  if (!site || typeof place !== 'string') return noFields
  const plain = place.startsWith('file:') ? fileURLToPath(place) : place
  const pairs: [string, string][] = [
    ['module', JSON.stringify(path.parse(plain).name)],
    ['function', JSON.stringify(site.getFunctionName() ?? '')],
    ['line', String(site.getLineNumber() ?? 0)],
  ]
  return {
    json: pairs.map(([key, json]) => `,"${key}":${json}`).join(''),
    text: pairs.map(([key, json]) => fieldText(key, json)).join(''),
    tail: '',
    isClashing: false,
  }
}

function outerSite(): NodeJS.CallSite | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error
  const holder: { stack?: NodeJS.CallSite[] } = {}
  try {
    Error.stackTraceLimit = framesSeen
    Error.prepareStackTrace = (_error, sites) => sites
    Error.captureStackTrace(holder, outerSite)
    return holder.stack?.find((site) => {
      const name = site.getFileName()
      return (
        typeof name === 'string' &&
        !name.startsWith('node:') &&
        !isOwn(name.startsWith('file:') ? fileURLToPath(name) : name)
      )
    })
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}
