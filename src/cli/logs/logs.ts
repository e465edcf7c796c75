// `logboom logs`: what was captured, merged and sorted by time; with --follow also what comes.
import { watchEndSignals } from '../end-signals.ts'
import { findState, tryHub } from '../hub/find-hub.ts'
import { followState } from './follow-state.ts'
import { openHubReader, openStoreReader, servicesOf } from './log-reader.ts'
import { printHistory, type HistoryRequest } from './print-history.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { openShownOnce } from '../hub/print-unkept.ts'
import { createRecordPrinter } from './record-printer.ts'
import { selectRecords, usageError, type SelectOptions } from './select-records.ts'

export interface LogsOptions extends PlaceOptions, SelectOptions {
  follow?: boolean
  lines?: number
  all?: boolean
  ids?: boolean
  json?: boolean
  utc?: boolean
  color: boolean
}

const defaultLines = 100

export async function logs(words: string[], options: LogsOptions): Promise<void> {
  const request = createRequest(words, options)
  const stateDirectory = await findState(options)
  const hub = await tryHub(stateDirectory)
  const print = createRecordPrinter(options)
  const reader = hub
    ? openHubReader(hub.client)
    : await openStoreReader(stateDirectory, await servicesOf(options)).catch(unlessFollowing(options))
  const cursor = reader ? await printHistory(reader, request, print) : 0
  await reader?.close()
  if (!options.follow) return
  if (!hub) console.error(`logboom: no hub is running in ${stateDirectory}; waiting for one`)
  const signals = watchEndSignals()
  const once = openShownOnce()
  let printed: Promise<void> = Promise.resolve()
  const show = (records: Parameters<typeof print>[0]): void => void (printed = printed.then(() => print(records)))
  const following = followState(
    stateDirectory,
    hub?.file,
    { after: cursor, ...(request.query ? { query: request.query } : {}) },
    {
      records: (records) => show(once.records(records)),
      // As JSON they come when they have ids.
      ...(options.json ? {} : { unkept: (lines) => show(once.unkept(lines)) }),
      gap: ({ reason }) => {
        if (reason === 'new-log') console.error('logboom: the log has begun anew')
      },
    },
  )
  await signals.first
  following.close()
  await printed
  process.exit()
}

function unlessFollowing({ follow }: LogsOptions): (error: unknown) => undefined {
  return (error) => {
    if (!follow) throw error
  }
}

/** Throws `request-invalid` and `query-invalid` before anything is opened. */
function createRequest(words: string[], options: LogsOptions): HistoryRequest {
  const { lines, all, follow } = options
  if (all && lines !== undefined) throw usageError('--all and --lines contradict each other', 'Leave one of them out.')
  if (follow && options.until !== undefined) {
    throw usageError('--follow and --until contradict each other', 'Leave one of them out.')
  }
  const selected = selectRecords(words, options)
  const everything = lines === undefined && (all === true || selected.since !== undefined)
  return everything ? { order: 'oldest', ...selected } : { order: 'latest', limit: lines ?? defaultLines, ...selected }
}
