// Lines that carry their number and the time when they were written, and what finds them again in the bytes of a connection, whatever
// protocol is around them: so that each client of each server can count cheaply, and in order.

/** Opens a line; nothing else in the protocols that are measured has these characters. */
const mark = '~n='
const markBytes = Buffer.from(mark)
const numberDigits = 8
const stampDigits = 16
const numberAt = markBytes.length
const stampAt = numberAt + numberDigits + 1
const headBytes = stampAt + stampDigits

/** Of 100 bytes; the time is in microseconds. */
export function markedLine(n: number): string {
  const head = `${mark}${String(n).padStart(numberDigits, '0')} ${String(nowUs()).padStart(stampDigits, '0')} `
  return head.padEnd(100, 'an order of some customer was paid in time ')
}

export const nowUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000)

export interface LineScanner {
  /** Calls back for each line in the bytes of a connection as they come. */
  scan(bytes: Buffer, line: (n: number, stampUs: number) => void): void
}

export function openLineScanner(): LineScanner {
  let rest = Buffer.alloc(0)
  return {
    scan(fresh, line) {
      const bytes = rest.length === 0 ? fresh : Buffer.concat([rest, fresh])
      let at = 0
      for (;;) {
        const found = bytes.indexOf(markBytes, at)
        if (found < 0 || found + headBytes > bytes.length) {
          // The end may be the beginning of a line.
          rest = Buffer.from(bytes.subarray(found < 0 ? Math.max(at, bytes.length - mark.length + 1) : found))
          return
        }
        line(digitsAt(bytes, found + numberAt, numberDigits), digitsAt(bytes, found + stampAt, stampDigits))
        at = found + headBytes
      }
    },
  }
}

function digitsAt(bytes: Buffer, at: number, digits: number): number {
  let value = 0
  for (let i = at; i < at + digits; i++) value = value * 10 + bytes[i]! - 48
  return value
}
