// Reads a file of lines in pieces of about a mebibyte, each of whole lines.
import { closeSync, openSync, readSync } from 'node:fs'

const pieceBytes = 1 << 20

export function* readPieces(file: string): Generator<Buffer<ArrayBuffer>, void> {
  const fd = openSync(file, 'r')
  try {
    for (let at = 0; ;) {
      // A new one each time: who is given a piece may keep it.
      const piece = Buffer.allocUnsafeSlow(pieceBytes)
      const length = readSync(fd, piece, 0, pieceBytes, at)
      if (length === 0) return
      const end = piece.subarray(0, length).lastIndexOf(10) + 1
      if (end === 0) throw new Error(`${file} has a line of more than ${pieceBytes} bytes`)
      yield piece.subarray(0, end)
      at += end
    }
  } finally {
    closeSync(fd)
  }
}

export const linesOf = (piece: Buffer): string[] => piece.toString('utf8', 0, piece.length - 1).split('\n')
