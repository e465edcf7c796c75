// Comparing ranges of the same memory, four bytes at a time: what packing does most.

export function areSame(view: DataView, at: number, other: number, length: number): boolean {
  const end = at + length
  for (; at + 4 <= end; at += 4, other += 4) if (view.getUint32(at, true) !== view.getUint32(other, true)) return false
  for (; at < end; at++, other++) if (view.getUint8(at) !== view.getUint8(other)) return false
  return true
}
