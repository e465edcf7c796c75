// The table of file and console lines (D2) that everything which writes such lines is held to: hub, logger, and the Python module.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Kind } from '../../src/contracts/record.ts'

export interface LineCase {
  name: string
  record: {
    time: number
    pid: number
    severity: number
    kind: Kind
    message: string
    fields?: Record<string, unknown>
  }
  file: string
  console: string
  /** The line of a console with colours. */
  colored: string
}

export const lineCases = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'line-formats.json'), 'utf8'),
) as LineCase[]
