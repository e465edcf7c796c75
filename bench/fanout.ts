// One stream to many followers: deliveries per CPU second of the server, beside servers that send a message per line and client; what
// clients that do not keep up cost the others; what access costs. Every client checks what it gets: a wrong line ends the benchmark.
// FANOUT_CLIENTS, FANOUT_RATE and FANOUT_SECONDS make it smaller, FANOUT_PARTS=servers,slow,access chooses.
import { setTimeout as sleep } from 'node:timers/promises'
import { sourcePattern } from './fanout/feed.ts'
import { openAudience, type Audience, type AudienceRequest, type Heard } from './fanout/open-audience.ts'
import { openLogboom, openPeer, type Subject } from './fanout/subjects.ts'
import { printTable } from './table.ts'

const numberOf = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise)
const clients = numberOf('FANOUT_CLIENTS', 300)
const perSecond = numberOf('FANOUT_RATE', 2000)
const seconds = numberOf('FANOUT_SECONDS', 8)
/** Servers that write a message per line and client cannot keep up with the rate: fewer lines take them as long. */
const peerSeconds = seconds / 8
const slowClients = 20
const rounds = 3
/** Until whoever has connected is live. */
const settleMs = 1500

interface Row {
  what: string
  perCpuSecond: number
  p99Ms: number
}

/** Numbers of lines go on over all feeds, so that none is taken for another. */
let next = 0

async function deliver(subject: Subject, audience: Audience, lines: number): Promise<Heard & { cpuSeconds: number }> {
  const order = { from: next, count: Math.ceil(lines) }
  next += order.count
  const before = subject.cpuSeconds()
  const heard = await audience.hear(order, () => subject.feed({ ...order, perSecond }))
  return { ...heard, cpuSeconds: subject.cpuSeconds() - before }
}

async function gather(subject: Subject, request: Partial<AudienceRequest>): Promise<Audience> {
  const defaults: AudienceRequest = { url: subject.url, path: '/', headers: {}, hello: [], clients, reading: 'at once' }
  const audience = await openAudience({ ...defaults, ...request })
  await sleep(settleMs)
  return audience
}

async function measure(what: string, subject: Subject, request: Partial<AudienceRequest>, lines: number): Promise<Row> {
  const audience = await gather(subject, request)
  try {
    await deliver(subject, audience, lines / 4)
    const { deliveries, cpuSeconds, p99Ms } = await deliver(subject, audience, lines)
    return { what, perCpuSecond: deliveries / cpuSeconds, p99Ms }
  } finally {
    audience.close()
  }
}

const socketIo = { path: '/socket.io/?EIO=4&transport=websocket', hello: ['40'] }
const follow = { path: '/api/v1/follow', hello: ['{"limit":0}'] }

async function measureServers(): Promise<void> {
  const rows: Row[] = []
  for (const [kind, what, request] of [
    ['ws', 'ws, a message per line and client', {}],
    ['socket.io', 'Socket.IO, an event per line and client', socketIo],
  ] as const) {
    const peer = await openPeer(kind)
    rows.push(await measure(what, peer, request, perSecond * peerSeconds))
    await peer.close()
  }
  const logboom = await openLogboom()
  try {
    for (const [what, request, lasting] of [
      ['Logboom, /api/v1/follow', follow, seconds],
      ['Logboom, /ws', { path: '/ws' }, seconds],
      ['Logboom, /ws/monitor', { path: '/ws/monitor' }, seconds],
      ['Logboom, /ws/events', { path: '/ws/events' }, seconds],
      ['Logboom, Socket.IO', socketIo, peerSeconds],
    ] as const)
      rows.push(await measure(what, logboom, request, perSecond * lasting))
  } finally {
    await logboom.close()
  }
  const [plain, io] = rows as [Row, Row]
  printTable(
    `${clients} followers, ${perSecond} lines of 100 bytes a second`,
    rows.map(({ what, perCpuSecond, p99Ms }) => ({
      what,
      'deliveries/CPU-second': Math.round(perCpuSecond),
      'ws = 1 (wanted: 20)': perCpuSecond / plain.perCpuSecond,
      'Socket.IO = 1 (wanted: 36)': perCpuSecond / io.perCpuSecond,
      'p99 ms': p99Ms,
    })),
  )
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

/** Time from the writing of a line to its client, while all keep up, and while some do not. */
async function measureSlowClients(): Promise<void> {
  const logboom = await openLogboom()
  const audience = await gather(logboom, follow)
  const p99 = { quiet: [] as number[], troubled: [] as number[] }
  try {
    await deliver(logboom, audience, perSecond * 2)
    for (let round = 0; round < rounds; round++) {
      p99.quiet.push((await deliver(logboom, audience, (perSecond * seconds) / 2)).p99Ms)
      const frozen = await gather(logboom, { ...follow, clients: 1, reading: 'never' })
      const slow = await gather(logboom, { ...follow, clients: slowClients, reading: 'slowly' })
      // Until what connections hold by themselves is full.
      await deliver(logboom, audience, perSecond * 2)
      p99.troubled.push((await deliver(logboom, audience, (perSecond * seconds) / 2)).p99Ms)
      frozen.close()
      slow.close()
      await sleep(settleMs)
    }
  } finally {
    audience.close()
    await logboom.close()
  }
  const [quiet, troubled] = [median(p99.quiet), median(p99.troubled)]
  printTable(`p99 from writing to client, of ${clients} that keep up (medians of ${rounds})`, [
    { beside: 'nobody', 'p99 ms': quiet, 'more ms': 0, 'more, % (wanted: 25 % or 2 ms)': 0 },
    {
      beside: `one frozen and ${slowClients} slow clients`,
      'p99 ms': troubled,
      'more ms': troubled - quiet,
      'more, % (wanted: 25 % or 2 ms)': (100 * (troubled - quiet)) / quiet,
    },
  ])
}

/** Two hubs in turns: nobody signs in at the one, a token with grants is asked for at the other. */
async function measureAccess(): Promise<void> {
  const [open, closed] = [await openLogboom(), await openLogboom()]
  try {
    await closed.hub.command('user', 'add', 'mia')
    const grants = ['--may', 'read', '--source', sourcePattern]
    const { code, stdout, stderr } = await closed.hub.command('token', 'add', 'board', ...grants)
    if (code !== 0) throw new Error(stderr)
    const authorization = `Bearer ${stdout.trim()}`
    const sides = [
      { subject: open, audience: await gather(open, follow), perCpuSecond: [] as number[] },
      { subject: closed, audience: await gather(closed, { ...follow, headers: { authorization } }), perCpuSecond: [] },
    ]
    for (const { subject, audience } of sides) await deliver(subject, audience, perSecond * 2)
    for (let round = 0; round < rounds; round++) {
      for (const { subject, audience, perCpuSecond } of sides) {
        const { deliveries, cpuSeconds } = await deliver(subject, audience, (perSecond * seconds) / 2)
        perCpuSecond.push(deliveries / cpuSeconds)
      }
    }
    for (const { audience } of sides) audience.close()
    const [without, withAccess] = sides.map(({ perCpuSecond }) => median(perCpuSecond)) as [number, number]
    printTable(`Access, ${clients} followers (medians of ${rounds})`, [
      { access: 'off', 'deliveries/CPU-second': Math.round(without), 'costs, % (wanted: 5 at most)': 0 },
      {
        access: 'on, a token with grants',
        'deliveries/CPU-second': Math.round(withAccess),
        'costs, % (wanted: 5 at most)': 100 * (without / withAccess - 1),
      },
    ])
  } finally {
    await open.close()
    await closed.close()
  }
}

const parts = { servers: measureServers, slow: measureSlowClients, access: measureAccess }

export async function fanout(): Promise<void> {
  for (const part of (process.env['FANOUT_PARTS'] ?? 'servers,slow,access').split(','))
    await parts[part as keyof typeof parts]()
}
