// Shapes of the requests about users, tokens and signing in, as request-shapes.ts has them for all others.
import type { z } from 'zod'
import type { TokenRequest, UserRequest } from '../contracts/access.ts'
import { actions, roles } from '../contracts/caller.ts'
import { kinds } from '../contracts/record.ts'
import type { Zod } from '../contracts/zod.ts'
import { durationExamples, parseDuration } from '../time/duration.ts'
import { choice, listOf, meaning, name, text, truth } from './request-values.ts'

export interface AccessRequests {
  signIn: { name?: string | undefined; password?: string | undefined; link?: string | undefined }
  signOut: { everywhere: boolean }
  changeOwnPassword: { password?: string | undefined; newPassword: string }
  addUser: UserRequest & { password?: string | undefined }
  changeUser: UserRequest & { password?: string | undefined }
  removeUser: { name: string }
  endSessions: { name: string }
  addLink: { name: string }
  addToken: TokenRequest
  revokeToken: { name: string }
}

const accountName = (z: Zod) => name(z, 64)
const password = (z: Zod) => text(z, 4096)
const grants = (z: Zod) => ({
  sources: listOf(z, name(z, 100), { words: 'a list of names', most: 100 }).optional(),
  kinds: listOf(z, choice(z, kinds), {
    words: `a list of ${kinds.join(', ')}`,
    most: kinds.length,
  }).optional(),
})
const user = (z: Zod) =>
  z.strictObject({
    name: accountName(z),
    role: choice(z, roles).optional(),
    password: password(z).optional(),
    ...grants(z),
    ownJobs: truth(z).optional(),
  }) as z.ZodType<AccessRequests['addUser']>
const named = (z: Zod) => z.strictObject({ name: accountName(z) })

const token = (z: Zod): z.ZodType<TokenRequest> =>
  z
    .strictObject({
      name: accountName(z),
      actions: listOf(z, choice(z, actions), {
        words: `a list of ${actions.join(', ')}`,
        least: 1,
        most: actions.length,
      }),
      ...grants(z),
      lifetime: meaning(z, (given) => parseDuration(given) || undefined, `how long: ${durationExamples}`).optional(),
    })
    .transform(({ lifetime, sources, kinds: seen, ...rest }): TokenRequest => ({
      ...rest,
      ...(sources ? { sources } : {}),
      ...(seen ? { kinds: seen } : {}),
      ...(lifetime === undefined ? {} : { lifetimeMs: lifetime }),
    }))

export const accessShapes: { readonly [Name in keyof AccessRequests]: (z: Zod) => z.ZodType<AccessRequests[Name]> } = {
  signIn: (z) =>
    z.strictObject({
      name: accountName(z).optional(),
      password: password(z).optional(),
      link: text(z, 100).optional(),
    }),
  signOut: (z) => z.strictObject({ everywhere: truth(z).default(false) }),
  changeOwnPassword: (z) => z.strictObject({ password: password(z).optional(), newPassword: password(z) }),
  addUser: user,
  changeUser: user,
  removeUser: named,
  endSessions: named,
  addLink: named,
  addToken: token,
  revokeToken: named,
}
