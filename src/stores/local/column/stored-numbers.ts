// Numbers of a column in a block: where their bytes lie, and how they are read from there.
import type { Place, SectionReader, SectionWriter } from '../block/sections.ts'
import { decodeCodes, decodeNumbers, encodeNumbers, type NumberColumn } from './number-column.ts'

export interface StoredNumbers extends NumberColumn {
  /** Absent where there are no bytes. */
  at?: Place
}

const empty = new Uint8Array(0)

export function writeNumbers(writer: SectionWriter, values: ArrayLike<number>, count: number): StoredNumbers {
  const { column, bytes } = encodeNumbers(values, count)
  return bytes.length === 0 ? column : { ...column, at: writer.add(bytes, 'numbers') }
}

/** All `count` numbers, which are only looked up. */
export function readCodes(reader: SectionReader, column: StoredNumbers, count: number): Uint8Array | Float64Array {
  return decodeCodes(column, column.at ? reader.at(column.at) : empty, count)
}

/** All `count` numbers, or those of the rows asked for (ascending). */
export function readNumbers(
  reader: SectionReader,
  column: StoredNumbers,
  count: number,
  rows?: Uint32Array,
): Float64Array {
  return decodeNumbers(column, column.at ? reader.at(column.at) : empty, count, rows)
}
