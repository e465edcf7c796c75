// The service that a record belongs to, in words for people (C2): the one rule that queries, session files, streams and answers share.
import type { ServiceNames, Services } from '../contracts/record.ts'
import { stripAnsi } from './ansi.ts'
import { titleCase } from './source-title.ts'

/** Names are remembered, as every record asks for one; more are forgotten, since loggers may be called anything. */
const mostRemembered = 1000

/**
 * Names of services: the logger's name up to its first dot, else the source's, looked up in `names`; in title case where it is
 * not there, without the host that a source may be on: a service is the same on all of them.
 */
export function openServices(names: ServiceNames = {}): Services {
  const known = new Map<string, string>()
  return {
    names,
    nameOf(source, logger) {
      const key = (logger && stripAnsi(logger).split('.', 1)[0]) || source
      let name = known.get(key)
      if (name === undefined) {
        if (known.size >= mostRemembered) known.clear()
        known.set(key, (name = Object.hasOwn(names, key) ? names[key]! : titleCase(withoutHost(key))))
      }
      return name
    },
  }
}

const withoutHost = (name: string): string => name.slice(name.indexOf('/') + 1)
