// PostgreSQL with its usual line prefix: `2025-10-19 05:55:47.606 UTC [4157] app@shop ERROR:  message`. Lines that belong to the one
// before (DETAIL, STATEMENT …) keep that word and are no error of their own.
import { severities } from '../../contracts/record.ts'
import { shape, type Shape } from './line/shape.ts'

/** A zone that is not known is that of the calendar. */
const prefix = String.raw`(?: [A-Z]{3,5})? \[(?<pid>\d{1,10})(?:-(?<entry>\d{1,10}))?\]:? (?:(?<user>[^\s@]{0,64})@(?<database>\S{0,64}) )?`

export const postgres: Shape[] = [
  shape('[A', new RegExp(`${prefix}(?<level>LOG|DEBUG[1-5]?|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC):  `, 'y')),
  shape('[A', new RegExp(`${prefix}(?=(?:DETAIL|HINT|QUERY|CONTEXT|LOCATION|STATEMENT):  )`, 'y'), {
    severity: severities.INFO,
  }),
]
