// Figures of a store, from the headers alone: quick also when it is large.
import type { Disk } from '../../../system/disk.ts'
import type { DayInfo, SourceInfo, StoreInfo } from '../../../contracts/store-info.ts'
import { frameBytes } from '../../../wire/frame.ts'
import { sealedBefore, surveyStore, type Survey } from '../survey.ts'
import { readTailHeaders } from '../tail/tail-file.ts'

export function readInfo(disk: Disk, directory: string): StoreInfo {
  for (;;) {
    try {
      return infoOf(disk, directory, surveyStore(disk, directory))
    } catch (error) {
      // A file was sealed or written anew meanwhile: look again.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !disk.exists(directory)) throw error
    }
  }
}

interface Amount {
  records: number
  rawBytes: number
  bytes: number
}

function infoOf(disk: Disk, directory: string, survey: Survey): StoreInfo {
  const sources = new Map<string, SourceInfo>()
  const days = new Map<string, DayInfo>()
  let head = 0

  function add(day: string, source: string, { records, rawBytes, bytes }: Amount): void {
    const own = sources.get(source) ?? { source, records: 0, rawBytes: 0, bytes: 0, from: day, to: day }
    own.records += records
    own.rawBytes += rawBytes
    own.bytes += bytes
    if (day < own.from) own.from = day
    if (day > own.to) own.to = day
    sources.set(source, own)
    dayAt(day).records += records
    dayAt(day).bytes += bytes
  }
  function dayAt(day: string): DayInfo {
    const known = days.get(day) ?? { day, records: 0, bytes: 0, groups: 0, blocks: 0 }
    days.set(day, known)
    return known
  }

  const before = sealedBefore(survey)
  for (const { name, groups } of survey.days) {
    for (const { first, last, blocks } of groups) {
      if (first >= before) continue
      head = Math.max(head, last)
      dayAt(name.day).groups++
      dayAt(name.day).blocks += blocks.length
      for (const { header, payloadBytes } of blocks)
        add(name.day, header.source, {
          records: header.count,
          rawBytes: header.rawBytes,
          bytes: frameBytes(payloadBytes),
        })
    }
  }
  for (const [index, { path, first }] of survey.tails.entries()) {
    let day = ''
    head = Math.max(head, first - 1)
    const isClosed = index < survey.tails.length - 1
    readTailHeaders(
      disk,
      path,
      ({ source, count, textBytes, extraBytes, rest }, { bytes }) => {
        day ||= rest?.day ?? ''
        head = Math.max(head, rest?.head ?? 0)
        if (count > 0) add(day, source, { records: count, rawBytes: textBytes + extraBytes, bytes })
      },
      { closed: isClosed },
    )
  }
  const all = [...sources.values()]
  return {
    head,
    records: all.reduce((sum, { records }) => sum + records, 0),
    rawBytes: all.reduce((sum, { rawBytes }) => sum + rawBytes, 0),
    bytes: survey.bytes,
    directory,
    files: { days: survey.days.length, tails: survey.tails.length },
    sources: all.sort((a, b) => b.bytes - a.bytes),
    days: [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)),
  }
}
