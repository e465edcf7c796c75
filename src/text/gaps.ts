// The texts of gaps: every way in which something can be missing, as the record that tells people of it. One file, so that all
// of them say how much is missing, why, and the same with numbers in `fields`.
import { severities } from '../contracts/record.ts'
import type { Entry, FileCause } from '../contracts/source-storage.ts'

export interface Gap extends Entry {
  kind: 'gap'
  severity: number
  extras: { fields: Record<string, unknown> }
}

const inFile: Readonly<Record<FileCause, string>> = {
  truncated: 'the file was truncated while it was read',
  replaced: 'the file is not the one that was read before',
  backlog: 'more was waiting than the backlog limit allows',
  damaged: 'the archive is damaged behind what was read of it',
  removed: 'the file was removed before it was read to its end',
  hole: 'it was given up while the disk was full',
}

export const fileCauses = Object.keys(inFile) as FileCause[]

/** Bytes of a file that were not read; `from` and `to` are offsets in it. */
export function fileGap(missing: { cause: FileCause; from: number; to: number; bytes: number | 'unknown' }): Gap {
  const { cause, from, to, bytes } = missing
  const amount = bytes === 'unknown' ? 'an unknown amount' : count(bytes, 'byte')
  return gap(`${amount} missing: ${inFile[cause]}`, { cause, from, to, bytes })
}

const inDatagrams = {
  overflow: 'they came faster than they could be stored',
  kernel: 'they came faster than they could be read, and the kernel dropped them',
}

export function datagramGap(cause: keyof typeof inDatagrams, lines: number): Gap {
  return gap(`${count(lines, 'message')} missing: ${inDatagrams[cause]} (UDP)`, { cause, lines })
}

/** The rest of a message whose sender went away. */
export function cutOffGap(bytes: number, peer: string): Gap {
  const fields = { cause: 'cut-off', bytes, 'network.peer.address': peer }
  return gap(`${count(bytes, 'byte')} missing: the connection of ${peer} ended within a message`, fields)
}

/** An entry of the journal. */
export function journalGap(bytes: number): Gap {
  const fields = { cause: 'too-large', lines: 1, bytes }
  return gap(`${count(bytes, 'byte')} missing: an entry of the journal is too large`, fields)
}

const inContainers = {
  rotated: 'the engine has thrown away a part of the log that was not read yet',
  'left-out': 'the engine left them out while it rotated the log',
}

/** Lines of a container; undefined where nobody knows how many. */
export function containerGap(lines: number | undefined): Gap {
  if (lines === undefined)
    return gap(`an unknown number of lines missing: ${inContainers.rotated}`, { cause: 'rotated', lines: 'unknown' })
  return gap(`${count(lines, 'line')} missing: ${inContainers['left-out']}`, { cause: 'left-out', lines })
}

/** All that a container had to say. */
export function removedGap(): Gap {
  const message = 'an unknown number of lines missing: the container was removed before its log could be read'
  return gap(message, { cause: 'removed', lines: 'unknown' })
}

/** The cause of lines that were left out because a rule said so. */
export const ruleCause = 'rule'

/** Nothing went wrong, so it is no warning. */
export function ruleGap(leftOut: { lines: number; fromSeq: number; toSeq: number }): Gap {
  const { lines, fromSeq, toSeq } = leftOut
  return gap(`${count(lines, 'line')} left out by rule`, { cause: ruleCause, lines, fromSeq, toSeq }, severities.INFO)
}

/** Lines that waited in memory for a store; `cause` is the code of its error. */
export function backlogGap(cause: string, dropped: { lines: number; fromSeq: number; toSeq: number }): Gap {
  const { lines, fromSeq, toSeq } = dropped
  const message = `${count(lines, 'line')} missing: the store could not be written, and memory was full, too`
  return gap(message, { cause, lines, fromSeq, toSeq })
}

/** The cause of records that a host gave up before they were sent. */
const spoolCause = 'spool-full'

export function spoolGap(dropped: { lines: number; fromSeq: number; toSeq: number }): Gap {
  const { lines, fromSeq, toSeq } = dropped
  const message = `${count(lines, 'line')} missing: the hub could not be reached, and the spool was full`
  return gap(message, { cause: spoolCause, lines, fromSeq, toSeq })
}

/** Records of a store, by their ids. */
export function storeGap(lost: {
  file: string
  first: number
  last: number
  lines: number
  source?: string | undefined
}): Gap {
  const { file, first: from, last: to, lines, source } = lost
  const whose = source === undefined ? '' : ` of ${source}`
  const message = `${count(lines, 'record')}${whose} lost: ${file} is damaged there`
  return gap(message, { cause: 'damaged', from, to, lines, file }, severities.ERROR)
}

/** Lines of a log file that only the store has; `from` and `to` are ids. */
export function logFileGap(missing: { file: string; lines: number; from: number; to: number }): Gap {
  const { file, lines, from, to } = missing
  const message = `${count(lines, 'line')} missing in ${file}: it could not be written; the store has them`
  return gap(message, { cause: 'unwritable', file, lines, from, to })
}

/** A log file that made room for others. */
export function givenUpGap(file: string, bytes: number): Gap {
  const message = `${count(bytes, 'byte')} missing: ${file} was given up because the disk was full`
  return gap(message, { cause: 'disk-full', file, bytes, lines: 'unknown' })
}

function gap(message: string, fields: Record<string, unknown>, severity: number = severities.WARNING): Gap {
  return { kind: 'gap', severity, message, extras: { fields } }
}

function count(amount: number, word: string): string {
  return `${amount} ${word}${amount === 1 ? '' : 's'}`
}
