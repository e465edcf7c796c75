// A word that names a file, a directory or a pipe → what it leads to; of directories the files that are logs.
import { closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync, type Stats } from 'node:fs'
import { join, resolve } from 'node:path'
import { LogboomError } from '../../contracts/errors.ts'
import { isReadable, packingOf } from '../../tail/unpack-stream.ts'
import { shownPath } from './shown-path.ts'

export interface FoundLog {
  path: string
  stat: Stats
  /** Handle of this process that leads to it, such as 0 of standard input. */
  fd?: number
}

export interface Walk {
  /** Whether directories within directories are looked through, too. */
  isRecursive: boolean
  /** Identities of files that are logs as far as their beginnings tell; they need not be looked at again. */
  known: Set<string>
  /** Files and directories in those that were named which may not be read. */
  closed: string[]
}

const firstBytes = 4096
const unreadable = /\.(?:bz2|xz|lz4|zip|tar|tgz|7z)$/
const readable = /\.(?:gz|zst)$/
/** Paths that lead to handles of this process. */
const ownHandle = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/

/** Throws `request-invalid` for what is not there, or cannot be read. */
export function findLogs(word: string, directory: string, walk: Walk): FoundLog[] {
  const path = word === '-' || word === '/dev/stdin' ? '/dev/fd/0' : resolve(directory, word)
  const handle = ownHandle.exec(path)?.[1]
  try {
    const stat = handle === undefined ? statSync(path) : fstatSync(Number(handle))
    if (stat.isDirectory()) return logsIn(path, walk)
    if (handle !== undefined) return [behindHandle(path, stat, Number(handle))]
    if (stat.isSocket()) throw isSocket(word)
    if (stat.isFile()) closeSync(openSync(path, 'r'))
    if (!stat.isFile() || !unreadable.test(path)) return [{ path, stat }]
  } catch (cause) {
    if (cause instanceof LogboomError) throw cause
    const { code, message } = cause as NodeJS.ErrnoException
    const why = code === 'ENOENT' || code === 'EBADF' ? 'no such file or directory' : message
    throw new LogboomError('request-invalid', `${shownPath(word)}: ${why}`, {
      hint: 'Name log files, or directories that have some; - is standard input.',
      cause,
    })
  }
  throw new LogboomError('request-invalid', `${shownPath(word)}: what ends like this cannot be unpacked here`, {
    hint: 'Unpack it first; .gz and .zst are read as they are.',
  })
}

const isSocket = (word: string): LogboomError =>
  new LogboomError('request-invalid', `${shownPath(word)}: a socket cannot be read as a file`, {
    hint: 'Pipe what it sends: nc -U SOCKET | logboom merge -',
  })

/** Files behind handles have names of their own, which tell more. */
function behindHandle(path: string, stat: Stats, fd: number): FoundLog {
  if (!stat.isFile()) return { path, stat, fd }
  try {
    return { path: realpathSync(path), stat }
  } catch {
    return { path, stat, fd }
  }
}

function logsIn(directory: string, walk: Walk): FoundLog[] {
  return readdirSync(directory, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name)
      if (entry.name.startsWith('.') || unreadable.test(path)) return []
      try {
        // Links to directories may lead back.
        if (entry.isDirectory()) return walk.isRecursive ? logsIn(path, walk) : []
        const stat = statSync(path)
        return stat.isFile() && isLog(path, stat, walk.known) ? [{ path, stat }] : []
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EACCES' || code === 'EPERM') walk.closed.push(path)
        return []
      }
    })
}

/** Text, or text in an archive. */
function isLog(path: string, stat: Stats, known: Set<string>): boolean {
  // Inodes are given to other files later.
  const key = `${identityOf(stat)} ${stat.birthtimeMs}`
  if (known.has(key)) return true
  const first = firstOf(path)
  const packing = packingOf(first)
  if (packing === undefined ? first.includes(0) && !hasByteOrderMark(first) : !isReadable(packing))
    return readable.test(path)
  if (first.length > 0) known.add(key)
  return true
}

/** Tells a file from others, whatever it is called. */
export const identityOf = ({ dev, ino }: Stats): string => `${dev} ${ino}`

function firstOf(path: string): Buffer {
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(firstBytes)
    return bytes.subarray(0, readSync(fd, bytes, 0, firstBytes, 0))
  } finally {
    closeSync(fd)
  }
}

/** UTF-16 has zeros in it. */
const hasByteOrderMark = (bytes: Buffer): boolean =>
  bytes.length > 1 && (bytes.readUInt16BE(0) === 0xfeff || bytes.readUInt16BE(0) === 0xfffe)
