// MySQL and MariaDB, and MongoDB as it was before it wrote JSON.
import { severities } from '../../contracts/record.ts'
import { shape, type Shape } from './line/shape.ts'

const mysql = String.raw`\] (?:\[(?<code>MY-\d{6})\] \[(?<logger>\w{1,40})\] )?`

export const databases: Shape[] = [
  // 2025-10-19T05:55:47.606123Z 0 [Warning] [MY-010068] [Server] message
  shape('0', new RegExp(String.raw` (?<tid>\d{1,10}) \[(?<level>Warning|Error|ERROR)${mysql}`, 'y')),
  shape('0', new RegExp(String.raw` (?<tid>\d{1,10}) \[(?<levelWord>System|Note)${mysql}`, 'y'), {
    severity: severities.INFO,
  }),
  // 2025-10-19T05:55:47.606+0200 I NETWORK  [listener] message
  shape('a', / (?<level>[DIWEF]) (?<logger>[A-Z]{2,10}|-) +\[(?<thread>[^\]]{1,100})\] /y),
]
