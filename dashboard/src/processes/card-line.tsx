// One line of a card, as `HH:MM:SS LEVEL: message`.
import { memo, type ReactElement } from 'react'
import type { UnkeptRecord } from '../../../src/client/index.ts'
import { severityName } from '../../../src/contracts/record.ts'
import { formatCount } from '../../../src/text/amounts.ts'
import { formatClock } from '../../../src/time/clock.ts'
import { AnsiText } from '../ui/ansi-text.tsx'
import { NotKept } from '../ui/not-kept.tsx'
import { levelColor } from '../ui/level.ts'
import type { CardEntry } from './card-lines.ts'

/** A card shows the beginning of a very long line; Logs shows it whole. */
const maxCharacters = 600

interface CardLineProps {
  entry: CardEntry | { record: UnkeptRecord; repeats: 0; atLeast?: false }
  mark?: RegExp | undefined
}

export const CardLine = memo(function CardLine({ entry, mark }: CardLineProps): ReactElement {
  const { record, repeats, atLeast } = entry
  const isKept = 'id' in record
  const level = severityName(record.severity)
  const text = record.message.length > maxCharacters ? `${record.message.slice(0, maxCharacters)}…` : record.message
  return (
    <li
      data-testid={isKept ? 'card-line' : 'unkept-line'}
      data-id={isKept ? record.id : undefined}
      data-kind={isKept ? record.kind : undefined}
      className={`${isKept ? '' : 'not-kept '}border-l-2 border-transparent pr-3 pl-[calc(10px+2ch)] -indent-[2ch] whitespace-pre-wrap wrap-anywhere hover:bg-hover data-[kind=event]:border-accent data-[kind=event]:text-soft data-[kind=gap]:border-warn data-[kind=gap]:bg-warn/8 data-[kind=gap]:text-warn`}
    >
      <span className="text-faint">{formatClock(record.time)} </span>
      <span className="font-medium" style={{ color: levelColor(level) }}>
        {level}:
      </span>{' '}
      {isKept ? null : <NotKept />}
      <AnsiText text={text} mark={mark} />
      {repeats > 0 ? (
        <span
          data-testid="card-repeats"
          className="ml-1.5 rounded-full bg-active px-1.5 font-sans text-soft tabular-nums"
        >
          ×{formatCount(repeats + 1)}
          {atLeast ? '+' : ''}
        </span>
      ) : null}
    </li>
  )
})
