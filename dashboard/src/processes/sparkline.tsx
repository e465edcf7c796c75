// A tiny curve of the last minutes; the number beside it says the value.
import { memo, type ReactElement } from 'react'

interface SparklineProps {
  values: readonly number[]
  /** Top of the scale at least; a quiet process must not look busy. */
  least: number
  label: string
}

const width = 56
const height = 16
const slots = 60

export const Sparkline = memo(function Sparkline({ values, least, label }: SparklineProps): ReactElement {
  const top = Math.max(least, ...values) * 1.1
  const step = width / (slots - 1)
  const left = width - (values.length - 1) * step
  const line = values
    .map(
      (value, index) => `${(left + index * step).toFixed(1)} ${(height - 1 - (value / top) * (height - 2)).toFixed(1)}`,
    )
    .join('L')
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="h-4 w-8 text-accent sm:w-14"
      role="img"
      aria-label={label}
    >
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--line)" />
      {values.length > 1 ? (
        <>
          <path d={`M${left.toFixed(1)} ${height}L${line}L${width} ${height}Z`} fill="currentColor" opacity="0.12" />
          <path
            d={`M${line}`}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.25"
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </>
      ) : null}
    </svg>
  )
})
