// Texts as columns are made from them: many stretches of one piece of memory.

/** Text `i` is `bytes[start[i], end[i])`, UTF-8. */
export interface Texts {
  bytes: Uint8Array
  start: Uint32Array
  end: Uint32Array
  count: number
}
