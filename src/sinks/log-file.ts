// A log file per source (A1, D2), started afresh at each run; the run before is kept beside it.
import path from 'node:path'
import type { RecordBatch } from '../contracts/batch.ts'
import type { SinkType } from '../contracts/sink.ts'
import { createEntryWriter, createLeads, type Leads } from './entry-lines.ts'
import { openLogDirectory } from './log-directory.ts'
import { decodeLogName, encodeLogName } from './log-names.ts'
import { logOptions, type LogOptions } from './log-options.ts'

export interface LogFileOptions extends LogOptions {
  /** A new run goes on in the same file. */
  append: boolean
}

/** Text formatted before it is written. */
const chunkBytes = 1 << 20

export const logFile: SinkType<LogFileOptions> = {
  name: 'logFile',
  options: (z) => logOptions(z, { append: z.boolean().default(false) }),
  open(options, context) {
    const directory = options.directory ?? path.join(context.directory, 'logs')
    const logs = openLogDirectory({ directory, options, context, sourceOf: decodeLogName })
    const writer = createEntryWriter({ ...options, opening: '' })
    const bases = new Map<string, string>()
    const leadsByPid = new Map<number, Leads>()
    let position = logs.position()

    function baseOf(source: string): string {
      let base = bases.get(source)
      if (base === undefined) bases.set(source, (base = encodeLogName(source)))
      return base
    }

    function leadsOf(pid: number): Leads {
      let leads = leadsByPid.get(pid)
      if (!leads) {
        if (leadsByPid.size >= 1000) leadsByPid.clear()
        leadsByPid.set(pid, (leads = createLeads((level) => ` [${pid}] [${level}] `)))
      }
      return leads
    }

    function writeBatch(batch: RecordBatch): void {
      const leads = leadsOf(batch.pid)
      writer.clear()
      writer.begin(batch)
      for (let i = 0; i < batch.count; i++) {
        writer.add(batch, i, leads)
        if (writer.length() < chunkBytes && i < batch.count - 1) continue
        const file = logs.file(baseOf(batch.source), writer.lines)
        file.beginRun(batch.run, options.append)
        file.append(writer.lines)
        writer.clear()
      }
    }

    return {
      position: () => logs.position(),
      write(batches) {
        for (const batch of batches) {
          if (batch.count === 0) continue
          try {
            writeBatch(batch)
          } catch (error) {
            logs.report(error)
          }
        }
        position = batches.reduce((last, { id, count }) => Math.max(last, id[count - 1] ?? 0), position)
      },
      save: () => logs.save(position),
      trouble: () => logs.trouble(),
      obstacle: (source) => logs.obstacle(baseOf(source)),
      close() {
        logs.close()
      },
    }
  },
}
