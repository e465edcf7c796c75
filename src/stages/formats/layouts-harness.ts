// Lines as widespread loggers write them, made at random, and sentences that hold times which are not theirs: with each the time
// and the level that it has. Everything is captured within a day, by a hub in the zone that is given.
import { severities } from '../../contracts/record.ts'

export interface MadeLine {
  layout: string
  line: string
  /** Unix milliseconds; undefined when the line says none that can be believed. */
  time: number | undefined
  /** Undefined when the line names none. */
  severity: number | undefined
}

/** Numbers from 0 to 1. */
type Chance = () => number

interface Moment {
  time: number
  /** On the wall of the layout's zone. */
  year: string
  month: string
  monthName: string
  day: string
  /** The day with a space in place of a zero. */
  spacedDay: string
  weekday: string
  clock: string
  ms: string
  micros: string
  /** `+01:00` */
  offset: string
}

interface Said {
  level: string
  logger: string
  message: string
  pid: number
}

interface Layout {
  /** Levels as this logger spells them. */
  levels: Record<string, number>
  /** Digits behind the second: 0, 3 or 6. */
  digits: number
  /** Minutes to the east of UTC. Default: what the hub's zone has. */
  offset?: number
  write(moment: Moment, said: Said): string
}

const { TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL } = severities
const python = { DEBUG, INFO, WARNING, ERROR, CRITICAL }
const java = { TRACE, DEBUG, INFO, WARN: WARNING, ERROR }
const lower = { debug: DEBUG, info: INFO, warn: WARNING, error: ERROR }
const none = { '': 0 }
const oneLetter = { I: INFO, W: WARNING, E: ERROR, F: CRITICAL }
const ruby = { DEBUG, INFO, WARN: WARNING, ERROR, FATAL: CRITICAL }

const date = ({ year, month, day }: Moment, between = '-'): string => [year, month, day].join(between)

const layouts: Record<string, Layout> = {
  'python logging': {
    levels: python,
    digits: 3,
    write: (m, s) => `${date(m)} ${m.clock},${m.ms} - ${s.logger} - ${s.level} - ${s.message}`,
  },
  django: {
    levels: python,
    digits: 3,
    write: (m, s) => `${s.level} ${date(m)} ${m.clock},${m.ms} views ${s.pid} 140134 ${s.message}`,
  },
  'django server': {
    levels: none,
    digits: 0,
    write: (m, s) => `[${m.day}/${m.monthName}/${m.year} ${m.clock}] "GET /orders?at=7 HTTP/1.1" 200 ${s.pid}`,
  },
  'python level first': {
    levels: python,
    digits: 3,
    write: (m, s) => `[${s.level}] ${date(m)} ${m.clock},${m.ms} ${s.logger}: ${s.message}`,
  },
  gunicorn: {
    levels: { INFO, WARNING, ERROR, CRITICAL },
    digits: 0,
    offset: 120,
    write: (m, s) => `[${date(m)} ${m.clock} ${m.offset.replace(':', '')}] [${s.pid}] [${s.level}] ${s.message}`,
  },
  logback: {
    levels: java,
    digits: 3,
    write: (m, s) => `${date(m)} ${m.clock}.${m.ms} [main] ${s.level.padEnd(5)} com.example.Orders - ${s.message}`,
  },
  'log4j level first': {
    levels: java,
    digits: 3,
    write: (m, s) => `${s.level.padEnd(5)} ${date(m)} ${m.clock},${m.ms} [main] com.example.Orders - ${s.message}`,
  },
  dropwizard: {
    levels: java,
    digits: 3,
    write: (m, s) =>
      `${s.level.padEnd(5)} [${date(m)} ${m.clock},${m.ms}] org.eclipse.jetty.server.Server: ${s.message}`,
  },
  'spring boot': {
    levels: java,
    digits: 3,
    offset: 60,
    write: (m, s) =>
      `${date(m)}T${m.clock}.${m.ms}${m.offset} ${s.level.padStart(5)} ${s.pid} --- [main] c.e.Orders : ${s.message}`,
  },
  'go log': { levels: none, digits: 0, write: (m, s) => `${date(m, '/')} ${m.clock} ${s.message}` },
  'go log with a prefix': {
    levels: { INFO, WARNING, ERROR },
    digits: 0,
    write: (m, s) => `${s.level}: ${date(m, '/')} ${m.clock} main.go:12: ${s.message}`,
  },
  zap: {
    levels: { DEBUG, INFO, WARN: WARNING, ERROR },
    digits: 3,
    offset: 120,
    write: (m, s) =>
      `${date(m)}T${m.clock}.${m.ms}${m.offset.replace(':', '')}\t${s.level}\tshop/main.go:12\t${s.message}`,
  },
  'zerolog console': {
    levels: { DBG: DEBUG, INF: INFO, WRN: WARNING, ERR: ERROR },
    digits: 0,
    offset: 60,
    write: (m, s) => `${date(m)}T${m.clock}${m.offset} ${s.level} ${s.message} order=7`,
  },
  env_logger: {
    levels: java,
    digits: 0,
    offset: 0,
    write: (m, s) => `[${date(m)}T${m.clock}Z ${s.level.padEnd(5)} shop::orders] ${s.message}`,
  },
  tracing: {
    levels: java,
    digits: 6,
    offset: 0,
    write: (m, s) => `${date(m)}T${m.clock}.${m.micros}Z ${s.level.padStart(5)} shop::orders: ${s.message}`,
  },
  serilog: {
    levels: { DBG: DEBUG, INF: INFO, WRN: WARNING, ERR: ERROR, FTL: CRITICAL },
    digits: 3,
    offset: 60,
    write: (m, s) => `${date(m)} ${m.clock}.${m.ms} ${m.offset} [${s.level}] ${s.message}`,
  },
  rails: {
    levels: ruby,
    digits: 6,
    write: (m, s) =>
      `${s.level[0]}, [${date(m)}T${m.clock}.${m.micros} #${s.pid}] ${s.level.padStart(5)} -- shop: ${s.message}`,
  },
  'nginx error': {
    levels: { notice: INFO, warn: WARNING, error: ERROR, crit: CRITICAL },
    digits: 0,
    write: (m, s) => `${date(m, '/')} ${m.clock} [${s.level}] ${s.pid}#7: *5 ${s.message}`,
  },
  'access log': {
    levels: none,
    digits: 0,
    offset: -300,
    write: (m, s) =>
      `10.0.0.1 - ada [${m.day}/${m.monthName}/${m.year}:${m.clock} ${m.offset.replace(':', '')}] "GET /x HTTP/1.1" 200 ${s.pid} "-" "curl/8"`,
  },
  'apache error': {
    levels: { notice: INFO, warn: WARNING, error: ERROR },
    digits: 6,
    write: (m, s) =>
      `[${m.weekday} ${m.monthName} ${m.day} ${m.clock}.${m.micros} ${m.year}] [core:${s.level}] [pid ${s.pid}:tid 140] ${s.message}`,
  },
  haproxy: {
    levels: none,
    digits: 0,
    write: (m, s) =>
      `${m.monthName} ${m.spacedDay} ${m.clock} lb haproxy[${s.pid}]: 10.0.0.1:5123 [01/Jan/2020:00:00:00.000] web web/a 0/0/1/2/3 200 12 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`,
  },
  postgres: {
    levels: { LOG: INFO, WARNING, ERROR, FATAL: CRITICAL },
    digits: 3,
    offset: 60,
    write: (m, s) => `${date(m)} ${m.clock}.${m.ms} CET [${s.pid}] app@shop ${s.level}:  ${s.message}`,
  },
  mysql: {
    levels: { System: INFO, Warning: WARNING, Error: ERROR },
    digits: 6,
    offset: 0,
    write: (m, s) => `${date(m)}T${m.clock}.${m.micros}Z 0 [${s.level}] [MY-010116] [Server] ${s.message}`,
  },
  mariadb: {
    levels: { Note: INFO, Warning: WARNING, ERROR },
    digits: 0,
    write: (m, s) => `${date(m)} ${m.clock} 0 [${s.level}] ${s.message}`,
  },
  redis: {
    levels: { '*': INFO, '#': WARNING },
    digits: 3,
    write: (m, s) => `${s.pid}:M ${m.day} ${m.monthName} ${m.year} ${m.clock}.${m.ms} ${s.level} ${s.message}`,
  },
  'mongodb before 4.4': {
    levels: oneLetter,
    digits: 3,
    offset: 60,
    write: (m, s) =>
      `${date(m)}T${m.clock}.${m.ms}${m.offset.replace(':', '')} ${s.level} NETWORK  [listener] ${s.message}`,
  },
  'syslog of RFC 3164': {
    levels: none,
    digits: 0,
    write: (m, s) => `${m.monthName} ${m.spacedDay} ${m.clock} host ${s.logger}[${s.pid}]: ${s.message}`,
  },
  'syslog of RFC 5424': {
    levels: { 3: ERROR, 4: WARNING, 6: INFO },
    digits: 3,
    offset: 0,
    write: (m, s) => `<${8 + Number(s.level)}>1 ${date(m)}T${m.clock}.${m.ms}Z host app ${s.pid} - - ${s.message}`,
  },
  klog: {
    levels: oneLetter,
    digits: 6,
    write: (m, s) => `${s.level}${m.month}${m.day} ${m.clock}.${m.micros}    ${s.pid} take.go:12] ${s.message}`,
  },
  containerd: {
    levels: { debug: DEBUG, info: INFO, warning: WARNING, error: ERROR },
    digits: 6,
    offset: 0,
    write: (m, s) => `time="${date(m)}T${m.clock}.${m.micros}Z" level=${s.level} msg=${JSON.stringify(s.message)} id=7`,
  },
  'journalctl -o short-iso': {
    levels: none,
    digits: 0,
    offset: 60,
    write: (m, s) => `${date(m)}T${m.clock}${m.offset} host systemd[1]: ${s.message}`,
  },
  winston: {
    levels: lower,
    digits: 3,
    offset: 0,
    write: (m, s) => `${date(m)}T${m.clock}.${m.ms}Z [orders] ${s.level}: ${s.message}`,
  },
  bracketed: {
    levels: java,
    digits: 0,
    write: (m, s) => `[${s.level}] [${date(m)} ${m.clock}] ${s.message}`,
  },
  'date(1)': {
    levels: none,
    digits: 0,
    offset: 60,
    write: (m, s) => `${m.weekday} ${m.monthName} ${m.spacedDay} ${m.clock} CET ${m.year} ${s.message}`,
  },
  'date(1), numbered zone': {
    levels: none,
    digits: 0,
    offset: -180,
    write: (m, s) => `${m.weekday} ${m.monthName} ${m.spacedDay} ${m.clock} -03 ${m.year} ${s.message}`,
  },
  'date(1), day first': {
    levels: none,
    digits: 0,
    offset: -480,
    write: (m, s) => `${m.weekday} ${m.day} ${m.monthName} ${m.year} ${m.clock} PST ${s.message}`,
  },
  'date(1), day first, year last': {
    levels: none,
    digits: 0,
    offset: 0,
    write: (m, s) => `${m.weekday} ${m.spacedDay} ${m.monthName} ${m.clock} GMT ${m.year}: ${s.message}`,
  },
  'date -R': {
    levels: none,
    digits: 0,
    offset: 330,
    write: (m, s) =>
      `${m.weekday}, ${m.day} ${m.monthName} ${m.year} ${m.clock} ${m.offset.replace(':', '')} ${s.message}`,
  },
  'a file in front': {
    levels: java,
    digits: 3,
    write: (m, s) => `api.log.1 ${date(m)} ${m.clock}.${m.ms} ${s.pid} ${s.level} shop.orders [-] ${s.message}`,
  },
}

/** Sentences with a time that is not theirs. */
const sentences: ((m: Moment, s: Said) => string)[] = [
  (m) => `Restored 2020-01-01 00:00:00 from ${date(m)}`,
  () => 'Backup 2020-01-01T00:00:00Z is complete',
  () => 'restored: 2020-01-01 00:00:00 (17 rows)',
  () => 'snapshot-7 2020-01-01 00:00:00 removed',
  () => 'users.csv 2020-01-01 00:00:00 imported',
  (m) => `2020-01-01 00:00:00 to ${date(m)} 00:00:00: 17 orders`,
  () => '2020-01-01 00:00:00 is not a day of business',
  () => '2020-01-01 00:00:00 was the last run',
  () => '2020-01-01 00:00:00,17.5,ok',
  () => '2020-01-01 00:00:00|17.5|ok',
  () => '2020-01-01 00:00:00 IST started',
  (m) => `${m.weekday} ${m.monthName} ${m.day} ${m.clock} CST ${m.year} started`,
  (m) => `${m.weekday} ${m.monthName} ${m.day} ${m.clock} XYZT ${m.year} started`,
  () => 'ERROR: 2020-01-01 00:00:00 is before the epoch',
  () => 'WARNING 2020-01-01 00:00:00 is in the past',
  () => '2020-W01-1 00:00:00 begins',
  () => '2020-001T00:00:00Z begins',
  (m) => `${m.day}/${m.month}/${m.year} ${m.clock} begins`,
  () => 'Mon Jan 6 is a holiday',
  () => '2020-01-01 25:00:00 begins',
  () => '2020-01-01 00:75:00 begins',
  () => 'since 2020-01-01 00:00:00 all is well',
  () => 'v1.2 2020-01-01 00:00:00 released',
  () => 'https://shop.example/log/7 2020-01-01 00:00:00 fetched',
]

const messages = [
  'no stock',
  'order 7 of 2020-01-01 00:00:00 paid',
  'valid until Wed Jan  1 00:00:00 UTC 2020',
  'from 2020-01-01T00:00:00Z on',
  'GET /orders?since=2019-12-31T23:59:59Z',
  'took 12:30:45',
  '[2020-01-01 00:00:00] was the last',
]

/** Lines of all layouts and sentences, `count` of each, captured shortly after `now` at the latest. */
export function makeLines(seed: number, count: number, now: number, zoneOffset: number): MadeLine[] {
  const next = chanceFrom(seed)
  const pick = <Value>(list: readonly Value[]): Value => list[Math.floor(next() * list.length)]!
  const said = (level: string): Said => ({
    level,
    logger: pick(['shop', 'shop.orders', 'worker.jobs', 'sshd']),
    message: pick(messages),
    pid: 1000 + Math.floor(next() * 9000),
  })
  const made: MadeLine[] = []
  for (let i = 0; i < count; i++) {
    for (const [layout, { levels, digits, offset = zoneOffset, write }] of Object.entries(layouts)) {
      const unit = 10 ** (3 - digits)
      const time = Math.floor((now - Math.floor(next() * 80_000_000)) / unit + next()) * unit
      const whole = digits === 0 ? Math.floor(time / 1000) * 1000 : Math.floor(time)
      const level = pick(Object.keys(levels))
      const line = write(momentOf(whole, offset, next), said(level))
      made.push({ layout, line, time: whole, severity: level === '' ? undefined : levels[level] })
    }
    for (const write of sentences)
      made.push({
        layout: 'sentence',
        line: write(momentOf(now, 0, next), said('')),
        time: undefined,
        severity: undefined,
      })
  }
  return made
}

function momentOf(time: number, offset: number, next: Chance): Moment {
  const wall = new Date(time + offset * 60_000)
  const [weekday, day, monthName, year, clock] = wall.toUTCString().replace(',', '').split(' ') as [
    string,
    string,
    string,
    string,
    string,
  ]
  const ms = String(wall.getUTCMilliseconds()).padStart(3, '0')
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const minutes = Math.abs(offset)
  return {
    time,
    year,
    month: two(wall.getUTCMonth() + 1),
    monthName,
    day,
    spacedDay: day.replace(/^0/, ' '),
    weekday,
    clock,
    ms,
    micros: `${ms}${String(Math.floor(next() * 1000)).padStart(3, '0')}`,
    offset: `${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`,
  }
}

function chanceFrom(seed: number): Chance {
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
}
