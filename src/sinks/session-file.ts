// One file per session with the lines of all sources (C5), written in batches from a bounded queue.
import path from 'node:path'
import type { RecordBatch } from '../contracts/batch.ts'
import { openServices } from '../text/services.ts'
import type { SinkType } from '../contracts/sink.ts'
import { createEntryWriter, createLeads, type Leads } from './entry-lines.ts'
import { inIdOrder } from './in-id-order.ts'
import { openLogDirectory } from './log-directory.ts'
import { encodeLogName } from './log-names.ts'
import { logOptions, type LogOptions } from './log-options.ts'

export interface SessionFileOptions extends LogOptions {
  flushIntervalMs: number
  /** Text that may wait; more is written at once. */
  queueBytes: number
}

export const sessionFile: SinkType<SessionFileOptions> = {
  name: 'sessionFile',
  options: (z) =>
    logOptions(z, {
      flushIntervalMs: z.int().min(0).default(5000),
      queueBytes: z
        .int()
        .min(0)
        .default(1 << 20),
    }),
  open(options, context) {
    const directory = options.directory ?? path.join(context.directory, 'sessions')
    const logs = openLogDirectory({ directory, options, context, sourceOf: () => 'logboom' })
    const queue = createEntryWriter({ ...options, opening: '[', hasOffset: true })
    const { nameOf } = openServices(context.serviceNames)
    const leadsByService = new Map<string, Leads>()
    let queuedSession = context.session
    /** Everything up to here was taken, up to `position` it is in the file. */
    let taken = logs.position()
    let position = taken
    /** Part of a call to `write` is in the file and part is not, which no position can say. */
    let torn = false
    let timer: NodeJS.Timeout | undefined

    function leadsOf(source: string, logger: string | undefined): Leads {
      const key = logger ?? source
      let leads = leadsByService.get(key)
      if (!leads) {
        if (leadsByService.size >= 1000) leadsByService.clear()
        const service = nameOf(source, logger).padEnd(20)
        leads = createLeads((level) => `] ${level.padEnd(8)} ${service} `)
        leadsByService.set(key, leads)
      }
      return leads
    }

    function flushQueue(): void {
      if (queue.lines.count === 0) return
      try {
        const file = logs.file(encodeLogName(queuedSession), queue.lines)
        file.beginRun(1)
        file.append(queue.lines)
      } catch (error) {
        logs.report(error)
      }
      queue.clear()
      torn = true
    }

    function flush(): void {
      clearTimeout(timer)
      timer = undefined
      flushQueue()
      position = taken
      torn = false
    }

    function add(batch: RecordBatch, index: number): void {
      queue.add(batch, index, leadsOf(batch.source, queue.loggerOf(batch, index)))
      if (queue.length() >= options.queueBytes) flushQueue()
    }

    return {
      position: () => logs.position(),
      write(batches) {
        try {
          inIdOrder(batches, (batch, from, to) => {
            if (batch.session !== queuedSession) flushQueue()
            queuedSession = batch.session
            queue.begin(batch)
            for (let i = from; i < to; i++) add(batch, i)
          })
        } catch (error) {
          logs.report(error)
        }
        taken = batches.reduce((last, { id, count }) => Math.max(last, id[count - 1] ?? 0), taken)
        if (queue.lines.count === 0) flush()
        else timer ??= setTimeout(flush, options.flushIntervalMs).unref()
      },
      save() {
        if (torn) flush()
        return logs.save(position)
      },
      trouble: () => logs.trouble(),
      obstacle: () => logs.obstacle(encodeLogName(context.session)),
      close() {
        flush()
        logs.close()
      },
    }
  },
}
