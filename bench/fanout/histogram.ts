// Times as counts by tenths of a millisecond, so that millions of them cost nothing.

export interface Histogram {
  add(ms: number): void
  quantile(share: number): number
  clear(): void
}

const bucketsPerMs = 10
const mostMs = 10_000

export function openHistogram(): Histogram {
  const counts = new Uint32Array(mostMs * bucketsPerMs)
  let total = 0
  return {
    add(ms) {
      counts[Math.max(0, Math.min(counts.length - 1, Math.floor(ms * bucketsPerMs)))]!++
      total++
    },
    quantile(share) {
      let left = Math.ceil(total * share)
      const at = counts.findIndex((count) => (left -= count) <= 0)
      return (at + 1) / bucketsPerMs
    },
    clear() {
      counts.fill(0)
      total = 0
    },
  }
}
