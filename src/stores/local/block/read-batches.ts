// The rows of a block as batches again, one for each run of a process whose rows stand together.
import type { ExtrasColumn, RecordBatch } from '../../../contracts/batch.ts'
import { jsonExtras } from '../../../json/json-extras.ts'
import { readNumbers, type StoredNumbers } from '../column/stored-numbers.ts'
import { readTemplated } from '../column/templated-column.ts'
import type { BlockDirectory } from './block-directory.ts'
import type { BlockHeader } from './block-header.ts'
import { checked, type SectionReader } from './sections.ts'

/** All of a record that is a number. */
export type NumberColumns = Pick<RecordBatch, 'id' | 'seq' | 'time' | 'observed' | 'stream' | 'kind' | 'severity'>

/** `rows`: ascending; all when absent. */
export function readColumns(
  directory: BlockDirectory,
  reader: SectionReader,
  count: number,
  rows?: Uint32Array,
): NumberColumns {
  const column = (of: StoredNumbers): Float64Array => readNumbers(reader, of, count, rows)
  const small = (of: StoredNumbers): Uint8Array => new Uint8Array(column(of))
  return {
    id: column(directory.id),
    seq: column(directory.seq),
    time: column(directory.time),
    observed: column(directory.observed),
    stream: small(directory.stream),
    kind: small(directory.kind),
    severity: small(directory.severity),
  }
}

/** `rows`: ascending; all when absent. */
export function readBatches(
  header: BlockHeader,
  directory: BlockDirectory,
  reader: SectionReader,
  rows: Uint32Array | undefined,
): RecordBatch[] {
  const { count } = header
  const wanted = rows?.length === count ? undefined : rows
  const message = readTemplated(reader, directory.message, count, wanted)
  const extras = readTemplated(reader, directory.extras, count, wanted)
  const hasExtras = extras.bytes.length > 0
  const all = { ...readColumns(directory, reader, count, wanted), start: message.start, end: message.end }
  const batches: RecordBatch[] = []
  let from = 0
  let originEnd = 0
  for (const { count: originRows, run, session, pid } of header.origins) {
    originEnd += originRows
    let to = from
    if (wanted) while (to < wanted.length && wanted[to]! < originEnd) to++
    else to = originEnd
    if (to > from) {
      const cut = <T extends Float64Array | Uint32Array | Uint8Array>(array: T): T => array.subarray(from, to) as T
      batches.push({
        source: header.source,
        run,
        session,
        pid,
        count: to - from,
        text: message.bytes,
        id: cut(all.id),
        seq: cut(all.seq),
        time: cut(all.time),
        observed: cut(all.observed),
        stream: cut(all.stream),
        kind: cut(all.kind),
        severity: cut(all.severity),
        start: cut(all.start),
        end: cut(all.end),
        extras: hasExtras
          ? watchedExtras(
              jsonExtras({
                bytes: extras.bytes,
                start: cut(extras.start),
                end: cut(extras.end),
                exponents: header.exponents,
              }),
            )
          : () => undefined,
      })
    }
    from = to
  }
  return batches
}

/** JSON is parsed where somebody looks, who then learns that it is damaged. */
function watchedExtras(extras: ExtrasColumn): ExtrasColumn {
  const watched: ExtrasColumn = (index) => checked(() => extras(index))
  return Object.assign(watched, extras)
}
