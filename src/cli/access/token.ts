// `logboom token add|list|revoke`: what programs show instead of a password.
import { actions, type Action } from '../../contracts/caller.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { hostNameForm } from '../../contracts/hosts/host.ts'
import type { Kind } from '../../contracts/record.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import { durationExamples, parseDuration } from '../../time/duration.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { formatTable } from '../format-table.ts'
import { wantsColor } from '../terminal-style.ts'
import { withAccounts } from './with-accounts.ts'

export interface TokenOptions extends PlaceOptions {
  may?: Action[]
  /** Name of a host. */
  agent?: string
  source?: string[]
  kind?: Kind[]
  expires?: string
}

export async function addToken(name: string, { kind, expires, ...options }: TokenOptions): Promise<void> {
  const { may, source, ...place } = scopeOf(options)
  if (expires !== undefined && !parseDuration(expires))
    throw new LogboomError('request-invalid', `--expires ${JSON.stringify(expires)} is not understood`, {
      hint: `Say it like one of: ${durationExamples}`,
    })
  const { token } = await withAccounts(place, (accounts) =>
    accounts.addToken({
      name,
      actions: may,
      ...(source === undefined ? {} : { sources: source }),
      ...(kind === undefined ? {} : { kinds: kind }),
      ...(expires === undefined ? {} : { lifetime: expires }),
    }),
  )
  console.log(token)
  console.error('This is shown once. Programs send it as: Authorization: Bearer TOKEN')
}

/** Throws `request-invalid` where nothing is said of what it may, or two things. */
function scopeOf({ agent, may, source, ...rest }: Omit<TokenOptions, 'kind' | 'expires'>) {
  const invalid = (message: string, hint: string): LogboomError =>
    new LogboomError('request-invalid', message, { hint })
  if (agent === undefined) {
    if (!may) throw invalid('what it may is not said', `Say --may ${actions.join(', ')}, or --agent HOST.`)
    return { ...rest, may, source }
  }
  if (may || source) throw invalid('--agent says what it may, and of which sources', 'Leave --may and --source out.')
  if (!hostNameForm.test(agent))
    throw invalid(`${JSON.stringify(agent)} is no name of a host`, 'Letters, digits and . _ -.')
  return { ...rest, may: ['forward'] satisfies Action[] as Action[], source: [`${agent}/*`] }
}

export async function listTokens(options: PlaceOptions & { json?: boolean }): Promise<void> {
  const tokens = await withAccounts(options, (accounts) => accounts.tokens())
  if (options.json) return console.log(JSON.stringify(tokens, null, 2))
  if (tokens.length === 0) return console.log('There are no tokens.')
  const rows = tokens.map(({ name, actions, sources, expiresAt }) => [
    name,
    actions.join(', '),
    escapeTerminal(sources.join(', ')),
    expiresAt === undefined ? 'never' : new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' '),
  ])
  console.log(formatTable(['TOKEN', 'MAY', 'SOURCES', 'EXPIRES (UTC)'], rows, wantsColor(process.stdout)).join('\n'))
}

export async function revokeToken(name: string, place: PlaceOptions): Promise<void> {
  await withAccounts(place, (accounts) => accounts.revokeToken(name))
  console.log(`${name} is revoked`)
}
