// Containers of an engine: what a person may set, and who follows them.
import type { z } from 'zod'
import type { SourceType } from '../contracts/source.ts'
import type { LogboomError } from '../contracts/errors.ts'
import type { ContainersOptions } from '../docker/follow-containers.ts'
import { parseEngineAddress } from '../docker/engine/engine-address.ts'
import type { Zod } from '../contracts/zod.ts'

function options(z: Zod): z.ZodType<ContainersOptions> {
  const word = z.string().min(1)
  const list = z.union([word.transform((one) => [one]), z.array(word)]).default([])
  return z.strictObject({
    host: word
      .superRefine((text, check) => {
        try {
          parseEngineAddress(text)
        } catch (error) {
          const { message, hint } = error as LogboomError
          check.addIssue({ code: 'custom', message: `${message}. ${hint}` })
        }
      })
      .optional(),
    tls: z.strictObject({ ca: word.optional(), cert: word.optional(), key: word.optional() }).optional(),
    containers: list,
    images: list,
    labels: list,
    projects: list,
    exclude: list,
    start: z.enum(['beginning', 'end']).default('beginning'),
    control: z.boolean().default(false),
    title: word.optional(),
  }) as unknown as z.ZodType<ContainersOptions>
}

export const dockerSource: SourceType<ContainersOptions> = {
  type: 'docker',
  section: 'docker',
  options,
  async open(containersOptions, context) {
    // Few hubs need it.
    const { followContainers } = await import('../docker/follow-containers.ts')
    return followContainers(containersOptions, context)
  },
}
