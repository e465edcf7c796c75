// The bounds of one request or connection, together so that they can be weighed against each other.

export const defaultSearchLimit = 200
export const maxSearchLimit = 10_000
/** A search answer is cut at about so many characters; `more` says so. */
export const maxSearchCharacters: number = 16 * 1024 * 1024
/** Values of a facet, templates. */
export const maxRanking = 1000
/** Records on each side of the one looked around. */
export const maxContext = 1000
/** Requests are small: queries and flags. */
export const maxRequestBytes: number = 64 * 1024
export const pingIntervalMs = 30_000
/** Status messages: at most one in this time when things change … */
export const statusThrottleMs = 250
/** … and one in this time when nothing does, since CPU and memory always do. */
export const statusIntervalMs = 2000
/** How long clients have to say goodbye when the server closes. */
export const closeGraceMs = 300
/** Of one body of records, inflated. */
export const maxIngestBytes: number = 16 * 1024 * 1024
/** Of all bodies of records that are being read or committed, as far as they have come; others wait, but for their beginnings. */
export const ingestUnderWayBytes: number = 32 * 1024 * 1024
/** The beginning of a body never waits, so that small ones pass whoever fills the room. */
export const ingestBeginningBytes: number = 64 * 1024
/** A body of which nothing comes for so long is given up … */
export const ingestIdleMs = 15_000
/** … and while others wait for its room, one that has been coming for so long and is not there yet. */
export const ingestPatienceMs = 5000
