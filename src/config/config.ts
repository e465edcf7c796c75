// The configuration that a hub is opened with, after reading, checking, defaults and precedence. Types only, so that
// every room may know the shape without loading what makes it.
import type { AgentConfig } from './agent-schema.ts'
import type { SeverityName } from '../contracts/record.ts'
import type { Retention } from '../contracts/retention.ts'

export interface SourceConfig {
  /** Of the source type: `process`. */
  type: string
  name: string
  /** The process that it is an instance of. */
  instanceOf?: string
  /** As parsed by the type's own schema. */
  options: unknown
}

export interface Config {
  /** Absolute path of the file it was read from; absent when there was none. */
  file?: string
  /** Absolute; relative paths in the configuration are relative to it. */
  directory: string
  /** Absolute. */
  stateDirectory: string
  /** In the order written; names are unique over all types. */
  sources: SourceConfig[]
  /** Stage name → parsed options. A stage that is switched off is absent. */
  stages: Record<string, unknown>
  /** Of sources whose name matches, the first pattern counts: what is another than in `stages`; `false`: switched off. */
  stagesOfSources: { pattern: string; stages: Record<string, unknown> }[]
  /** Sink name → parsed options; `directory` in them is absolute. A sink that is switched off is absent. */
  sinks: Record<string, unknown>
  /** Name of the store type. */
  store: string
  retention: Retention
  /** Without a port: 7420, or the next that is free. */
  server: {
    host: string
    hosts?: string[]
    tls?: { cert: string; key: string }
    port?: number
    maxConnections?: number
    origins: string[]
  }
  session: { prefix: string }
  /** For `logboom agent`; a hub takes no heed of it. */
  agent?: AgentConfig
  /** First part of a logger name → display name (C2). */
  serviceNames: Record<string, string>
  /** Least level that consoles, cards and dialects show; files and store have every level. */
  logLevel: SeverityName
  /** Least level of lines that are kept. */
  captureLevel: SeverityName
  /** Lines held in memory for clients that connect, at most. */
  maxMemoryLogs: number
  /** For so long after a line its repeats are told as one count. */
  deduplicationWindowMs: number
  /** False: clients of dialects, and cards, get no lines. */
  enableDashboardStreaming: boolean
}
