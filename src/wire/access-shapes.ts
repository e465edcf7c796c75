// Shapes of the requests about users, tokens and signing in, as request-shapes.ts has them for all others.
import type { z } from 'zod'
import type { TokenRequest, UserRequest } from '../contracts/access.ts'
import { actions, roles } from '../contracts/caller.ts'
import { kinds } from '../contracts/record.ts'
import type { Zod } from '../contracts/zod.ts'
import { durationExamples, parseDuration } from '../time/duration.ts'

export interface AccessRequests {
  signIn: { name?: string | undefined; password?: string | undefined; link?: string | undefined }
  signOut: { everywhere: boolean }
  addUser: UserRequest & { password?: string | undefined }
  changeUser: UserRequest & { password?: string | undefined }
  removeUser: { name: string }
  addLink: { name: string }
  addToken: TokenRequest
  revokeToken: { name: string }
}

const name = (z: Zod) => z.string().min(1).max(64)
const password = (z: Zod) => z.string().max(4096)
const grants = (z: Zod) => ({
  sources: z.array(z.string().min(1).max(100)).max(100).optional(),
  kinds: z.array(z.enum(kinds)).max(kinds.length).optional(),
})
const user = (z: Zod) =>
  z.strictObject({
    name: name(z),
    role: z.enum(roles).optional(),
    password: password(z).optional(),
    ...grants(z),
    ownJobs: z.boolean().optional(),
  }) as z.ZodType<AccessRequests['addUser']>
const named = (z: Zod) => z.strictObject({ name: name(z) })

const token = (z: Zod): z.ZodType<TokenRequest> =>
  z
    .strictObject({
      name: name(z),
      actions: z.array(z.enum(actions)).min(1).max(actions.length),
      ...grants(z),
      lifetime: z.string().max(32).optional(),
    })
    .transform(({ lifetime, sources, kinds: seen, ...rest }, context): TokenRequest => {
      const lifetimeMs = lifetime === undefined ? undefined : parseDuration(lifetime)
      if (lifetime !== undefined && !lifetimeMs)
        context.addIssue({
          code: 'custom',
          path: ['lifetime'],
          message: `not understood; right would be: ${durationExamples}`,
        })
      return {
        ...rest,
        ...(sources ? { sources } : {}),
        ...(seen ? { kinds: seen } : {}),
        ...(lifetimeMs === undefined ? {} : { lifetimeMs }),
      }
    })

export const accessShapes: { readonly [Name in keyof AccessRequests]: (z: Zod) => z.ZodType<AccessRequests[Name]> } = {
  signIn: (z) =>
    z.strictObject({
      name: name(z).optional(),
      password: password(z).optional(),
      link: z.string().max(100).optional(),
    }),
  signOut: (z) => z.strictObject({ everywhere: z.boolean().default(false) }),
  addUser: user,
  changeUser: user,
  removeUser: named,
  addLink: named,
  addToken: token,
  revokeToken: named,
}
