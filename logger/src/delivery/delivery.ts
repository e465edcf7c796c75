/** Hands records to a hub, off the caller's thread. Nothing here blocks or throws. */
export interface Delivery {
  /** One record: Unix milliseconds, level name, logger name, message, further keys as JSON text without braces ('' if none). The file's length after the record was written, for recovery after a kill; undefined without file. */
  send(time: number, level: string, logger: string, message: string, rest: string, fileEnd: number | undefined): void
  /** All sent, or in the spool. */
  flush(): Promise<void>
  /** At exit. */
  flushSync(): void
  close(): Promise<void>
}
