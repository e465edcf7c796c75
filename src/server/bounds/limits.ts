// The bounds of one request or connection, together so that they can be weighed against each other.

/** A search answer is cut at about so many characters; `more` says so. */
export const maxSearchCharacters: number = 16 * 1024 * 1024
/** Requests are small: queries and flags. */
export const maxRequestBytes: number = 64 * 1024
/** Connections at once, unless configured, and never more than half of the files this process may have open: capturing needs files, too. */
export const defaultMaxConnections = 1000
/** Surplus connections that are told that there are too many; others are closed without a word. */
export const surplusConnections = 50
/** How long a connection may take to send the head of a request, and a whole request. */
export const headTimeoutMs = 10_000
export const requestTimeoutMs = 120_000
/** Quiet connections are kept for the next request for so long. */
export const keepAliveMs = 10_000
/** Of all connections, so many may be followers and readers of the status; the others stay for questions. */
export const streamShare = 0.8
/** Requests to follow on one socket. */
export const followRequests: { burst: number; everyMs: number } = { burst: 50, everyMs: 100 }
/** Pings and errors of a peer that has so much unread are not answered. */
export const maxPongBytes: number = 64 * 1024
/** How long somebody who is sent away has to read why. */
export const farewellMs = 1000
/** Searches, summaries and exports at once; so many more wait for their turn. */
export const searchesAtOnce = 16
export const searchesWaiting = 200
/** An answer whose reader takes nothing for so long is given up while others wait for their turn. */
export const answerPatienceMs = 15_000
/** When to try again what was one too many. */
export const retryAfterSeconds = 2
export const pingIntervalMs = 30_000
/** Status messages: at most one in this time when things change … */
export const statusThrottleMs = 250
/** … and one in this time when nothing does, since CPU and memory always do. */
export const statusIntervalMs = 2000
/** How long clients have to say goodbye when the server closes. */
export const closeGraceMs = 300
/** Of one body of records, inflated. */
export const maxIngestBytes: number = 16 * 1024 * 1024
/** Of all bodies of records and jobs that are being read or committed, as far as they have come; others wait, but for their beginnings. */
export const ingestUnderWayBytes: number = 32 * 1024 * 1024
/** The beginning of a body never waits, so that small ones pass whoever fills the room. */
export const ingestBeginningBytes: number = 64 * 1024
/** A body of which nothing comes for so long is given up … */
export const ingestIdleMs = 15_000
/** … and while others wait for its room, one that has been coming for so long and is not there yet. */
export const ingestPatienceMs = 5000
/** While somebody waits for room, those whose bodies are not whole are asked so often. */
export const ingestAskMs = 500
/** Of all lines of jobs that came over sockets and are not committed; whoever sends more is not read until some are. */
export const jobLinesUnderWayBytes: number = 8 * 1024 * 1024
/** Of one body with lines of a job, which becomes one commit, and of one message of an orchestrator. */
export const maxJobBytes: number = 2 * 1024 * 1024
/** Of one message of an agent, compressed: a step of its pipeline with all its fields. */
export const maxAgentBytes: number = 32 * 1024 * 1024
/** Of the lines of a job that are read from the store at a time, but for one line that has more. */
export const jobPageBytes: number = 1024 * 1024
