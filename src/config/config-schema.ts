// The schema of the whole configuration, put together from what each source, stage, sink and store says of itself.
import { z } from 'zod'
import { parseSeverity, severityName, severityNames, type SeverityName } from '../contracts/record.ts'
import type { Retention } from '../contracts/retention.ts'
import type { SinkType } from '../contracts/sink.ts'
import type { SourceType } from '../contracts/source.ts'
import type { StageType } from '../contracts/stage.ts'
import type { StoreType } from '../contracts/store.ts'
import { agentSchema, type AgentConfig } from './agent-schema.ts'
import { retentionSchema } from './retention-schema.ts'

/** The interchangeable parts; the product's own are in the index files of their rooms. */
export interface Parts {
  sourceTypes: readonly SourceType[]
  stageTypes: readonly StageType[]
  sinkTypes: readonly SinkType[]
  storeTypes: readonly StoreType[]
}

/** Result of the schema; the sections of the source types lie beside these. */
export interface ParsedConfig {
  stages: Record<string, unknown> & { sources: Record<string, Record<string, unknown>> }
  sinks: Record<string, unknown>
  store: string
  retention: Retention
  stateDirectory: string
  server: {
    host: string
    hosts?: string[] | undefined
    tls?: { cert: string; key: string } | undefined
    port?: number | undefined
    maxConnections?: number | undefined
    origins: string[]
  }
  session: { prefix: string }
  agent: AgentConfig
  serviceNames: Record<string, string>
  logLevel: SeverityName
  captureLevel: SeverityName
  maxMemoryLogs: number
  deduplicationWindowMs: number
  enableDashboardStreaming: boolean
  sessionFilePath?: string
  fileFlushIntervalMs?: number
  [section: string]: unknown
}

export const logLevel: z.ZodType<SeverityName, string> = z
  .string()
  .refine((name) => parseSeverity(name) !== undefined, {
    error: ({ input }) =>
      `must be ${severityNames.slice(0, -1).join(', ')} or ${severityNames.at(-1)}, not ${JSON.stringify(input)}`,
  })
  .transform((name) => severityName(parseSeverity(name)!))

export const port: z.ZodType<number> = z.int().min(0).max(65_535)

export const maxMemoryLogs: z.ZodType<number> = z.int().min(1).max(100_000)

/** As browsers write them: scheme, host, and the port where it is not the scheme's own. */
const origin = z.string().refine((text) => URL.parse(text)?.origin === text && /^https?:/.test(text), {
  error: ({ input }) => `must be an origin such as http://localhost:3000, not ${JSON.stringify(input)}`,
})

export function composeConfigSchema({
  sourceTypes,
  stageTypes,
  sinkTypes,
  storeTypes,
}: Parts): z.ZodType<ParsedConfig> {
  const [firstStore, ...otherStores] = storeTypes.map(({ name }) => name)
  const schema = z.strictObject({
    ...Object.fromEntries(
      sourceTypes.map(({ section, options }) => [section, z.record(z.string(), options(z)).prefault({})]),
    ),
    stages: z.strictObject({ ...optionsByName(stageTypes), sources: ofSources(stageTypes) }).prefault({} as never),
    sinks: z.strictObject(optionsByName(sinkTypes)).prefault({} as never),
    store: z.enum([firstStore!, ...otherStores]).prefault(firstStore!),
    retention: retentionSchema.prefault({} as never),
    stateDirectory: z.string().min(1).prefault('.logboom'),
    server: z
      .strictObject({
        host: z.string().min(1).prefault('127.0.0.1'),
        hosts: z
          .array(z.string().regex(/^[\w-]+(\.[\w-]+)*$/, 'must be a name such as logs.example.org, without a port'))
          .optional(),
        tls: z.strictObject({ cert: z.string().min(1), key: z.string().min(1) }).optional(),
        port: port.optional(),
        maxConnections: z.int().min(10).max(100_000).optional(),
        origins: z.array(origin).prefault([]),
      })
      .prefault({}),
    session: z
      .strictObject({
        prefix: z
          .string()
          .regex(/^[\w.-]+$/, 'may only have letters, digits, ".", "_" and "-": it becomes part of file names')
          .prefault('logboom-session'),
      })
      .prefault({}),
    agent: agentSchema.prefault({}),
    serviceNames: z.record(z.string(), z.string()).prefault({}),
    logLevel: logLevel.prefault('INFO'),
    captureLevel: logLevel.prefault('TRACE'),
    maxMemoryLogs: maxMemoryLogs.prefault(1000),
    deduplicationWindowMs: z.int().min(0).prefault(30_000),
    enableDashboardStreaming: z.boolean().prefault(true),
    sessionFilePath: z.string().min(1).optional(),
    fileFlushIntervalMs: z.int().min(1).optional(),
  })
  // The computed sections are lost on the compiler; ParsedConfig names what it knows.
  return schema as unknown as z.ZodType<ParsedConfig>
}

function optionsByName(types: readonly (StageType | SinkType)[]): Record<string, z.ZodType> {
  return Object.fromEntries(types.map(({ name, options }) => [name, options(z).prefault({})]))
}

/** By pattern of their names, what is another than for all. */
function ofSources(types: readonly StageType[]): z.ZodType {
  const options = Object.fromEntries(types.map(({ name, options: of }) => [name, of(z).optional()]))
  return z.record(z.string(), z.strictObject(options)).prefault({})
}
