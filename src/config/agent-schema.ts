// The section `agent`: what `logboom agent` is told where no flag says otherwise.
import { z } from 'zod'
import { hostNameForm } from '../contracts/hosts/host.ts'
import type { WhenFull } from '../contracts/hosts/spool.ts'
import { parseSize, sizeExamples } from '../text/amounts.ts'

export interface AgentConfig {
  hub?: string | undefined
  name?: string | undefined
  control?: boolean | undefined
  insecure?: boolean | undefined
  /** `size` in bytes. */
  spool?: { size?: number | undefined; whenFull?: WhenFull | undefined } | undefined
}

const leastBytes = 1_000_000

export const agentSchema: z.ZodType<AgentConfig> = z.strictObject({
  hub: z.url({ protocol: /^https?$/, error: 'must be an address such as https://logs.example.org' }).optional(),
  name: z
    .string()
    .regex(hostNameForm, 'may only have letters, digits, ".", "_" and "-", at most 63: it becomes part of names')
    .optional(),
  control: z.boolean().optional(),
  insecure: z.boolean().optional(),
  spool: z
    .strictObject({
      size: z
        .string()
        .refine((text) => (parseSize(text) ?? 0) >= leastBytes, {
          error: ({ input }) => `must be a size from 1MB like ${sizeExamples}, not ${JSON.stringify(input)}`,
        })
        .transform((text) => parseSize(text)!)
        .optional(),
      whenFull: z.enum(['block', 'gap']).optional(),
    })
    .optional(),
}) as unknown as z.ZodType<AgentConfig>
