// Lines too long for one record are cut into fragments; a cut never halves a character.

/** The cut in a line that is too long: at most `limit`, and not inside a UTF-8 character. */
export function fragmentEnd(bytes: Uint8Array, limit: number): number {
  let end = limit
  while (end > limit - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return (bytes[end]! & 0xc0) === 0x80 ? limit : end
}
