// `logboom export`: any number of records to a file or to standard output, no faster than they are taken there.
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { LogboomError } from '../../contracts/errors.ts'
import type { ExportFormat } from '../../contracts/request.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import { openLogReader } from './log-reader.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { openProgressLine } from '../progress-line.ts'
import { selectRecords, type SelectOptions } from './select-records.ts'

export interface ExportOptions extends PlaceOptions, SelectOptions {
  format?: ExportFormat
  output?: string
  order: 'newest' | 'oldest'
  limit?: number
  utc?: boolean
}

export async function exportLog(words: string[], options: ExportOptions): Promise<void> {
  const { output, order, limit, utc = false } = options
  const format = options.format ?? formatOf(output)
  const selected = selectRecords(words, options)
  const reader = await openLogReader(options)
  const bytes = reader.export({ ...selected, order, format, utc, ...(limit === undefined ? {} : { limit }) })
  const progress = openProgressLine()
  // Lines on the same terminal say enough.
  const watched = output === undefined && process.stdout.isTTY ? bytes : withProgress(bytes, progress.show)
  try {
    if (output === undefined) await writeOut(watched)
    else await writeFile(output, watched)
  } finally {
    progress.clear()
    await reader.close()
  }
}

function formatOf(output = ''): ExportFormat {
  if (output.endsWith('.csv')) return 'csv'
  return /\.(log|txt)$/.test(output) ? 'text' : 'ndjson'
}

async function* withProgress(
  pieces: AsyncIterable<Uint8Array>,
  show: (text: string) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const piece of pieces) {
    yield piece
    bytes += piece.length
    show(`${(bytes / 1e6).toFixed(1)} MB so far …`)
  }
}

async function writeOut(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const decoder = new TextDecoder()
  for await (const piece of pieces) {
    // Text of programs must not command the terminal of whoever looks at it.
    const safe = process.stdout.isTTY
      ? escapeTerminal(decoder.decode(piece, { stream: true }).replaceAll('\r\n', '\n'))
      : piece
    if (!process.stdout.write(safe)) await once(process.stdout, 'drain')
  }
}

async function writeFile(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'w').catch((cause: Error) => {
    throw new LogboomError('request-invalid', `${path} cannot be written: ${cause.message}`, {
      cause,
      hint: 'Give a file in a directory that you may write to.',
    })
  })
  try {
    for await (const piece of pieces) {
      await file.write(piece).catch((cause: Error) => {
        throw new LogboomError('disk-full', `${path} is not whole: ${cause.message}`, {
          cause,
          hint: 'Free some space or give a file on another disk, and export again.',
        })
      })
    }
  } finally {
    await file.close()
  }
}
