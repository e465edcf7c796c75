// A disk in memory that forgets, on a crash, what was not synced: whole writes, single sectors of them, names in
// directories, in any order, as POSIX allows and file systems do. Also fills up, and fails to sync.
import { dirname, basename } from 'node:path'
import type { Disk } from '../../../src/system/disk.ts'
import type { Random } from './seeded-random.ts'

/** What the simulation says to a call before it is made: nothing, fail it, or end the process in it. */
export type Verdict = undefined | 'EIO' | 'crash'

export interface SimulatedDisk {
  /** For one process, which ends with the next crash. `before` is asked at every call. */
  boot(before: (call: keyof Disk, path: string) => Verdict): Disk
  /** `kill`: the system lives on, and so does all that was written. `power`: only what was synced is certain. */
  crash(kind: 'kill' | 'power'): void
  setCapacity(bytes: number): void
  usedBytes(): number
  /** Nothing is on its way to the disk: power loss would change nothing. */
  isSynced(): boolean
  /** The files there are, for those who damage them: bytes may be changed in place. */
  files(): Map<string, Uint8Array>
}

interface File {
  kind: 'file'
  /** As everybody sees it. */
  bytes: Buffer
  /** As it would be found after power loss, were nothing of `pending` on it. */
  durable: Buffer
  pending: Change[]
}

type Change = { at: number; bytes: Buffer } | { truncate: number }

interface Folder {
  kind: 'folder'
  entries: Map<string, File | Folder>
  durable: Map<string, File | Folder>
  pending: Renaming[]
}

/** Names that come and go together. */
type Renaming = readonly [name: string, entry: File | Folder | undefined][]

/** Thrown by the call that a process dies in, and by all that it tries afterwards. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded'
}

const sectorBytes = 512

export function openSimulatedDisk(random: Random, { capacity = Infinity }: { capacity?: number } = {}): SimulatedDisk {
  const root = newFolder()
  let life = 0

  /** The parts of a path, walked through folders. */
  function find(path: string): File | Folder | undefined {
    let at: File | Folder | undefined = root
    for (const name of path.split('/').filter((part) => part !== ''))
      at = at?.kind === 'folder' ? at.entries.get(name) : undefined
    return at
  }

  function folderOf(path: string): Folder {
    const folder = find(dirname(path))
    if (folder?.kind !== 'folder') throw systemError('ENOENT', path)
    return folder
  }

  function fileAt(path: string): File {
    const file = find(path)
    if (file?.kind !== 'file') throw systemError(file ? 'EISDIR' : 'ENOENT', path)
    return file
  }

  const usedBytes = (): number => [...filesIn(root, '')].reduce((sum, [, { bytes }]) => sum + bytes.length, 0)

  function boot(before: (call: keyof Disk, path: string) => Verdict): Disk {
    const mine = life
    const opened = new Map<number, { file: File; path: string; position: number; appends: boolean }>()
    let nextFile = 3

    function ask(call: keyof Disk, path: string): 'EIO' | 'crash' | undefined {
      if (mine !== life) throw new ProcessEnded('this process has ended')
      return before(call, path)
    }
    function enter(call: keyof Disk, path: string): void {
      const verdict = ask(call, path)
      if (verdict === 'EIO') throw systemError('EIO', path)
      if (verdict === 'crash') throw new ProcessEnded(`ended in ${call} of ${path}`)
    }
    function handle(file: number) {
      const found = opened.get(file)
      if (!found) throw systemError('EBADF', `file ${file}`)
      return found
    }

    function put(call: 'write' | 'writev' | 'pwrite', handleNumber: number, bytes: Buffer, position?: number): number {
      const open = handle(handleNumber)
      const verdict = ask(call, open.path)
      if (verdict === 'EIO') throw systemError('EIO', open.path)
      const at = position ?? (open.appends ? open.file.bytes.length : open.position)
      const free = capacity - usedBytes()
      const grows = Math.max(0, at + bytes.length - open.file.bytes.length)
      const fits = grows <= free ? bytes.length : Math.max(0, bytes.length - grows + free)
      if (fits === 0 && bytes.length > 0) throw systemError('ENOSPC', open.path)
      const taken = bytes.subarray(0, verdict === 'crash' ? random.between(0, fits) : fits)
      const change: Change = { at, bytes: Buffer.from(taken) }
      open.file.bytes = apply(open.file.bytes, change)
      open.file.pending.push(change)
      if (position === undefined) open.position = at + taken.length
      if (verdict === 'crash') throw new ProcessEnded(`ended in ${call} of ${open.path}`)
      return taken.length
    }

    function sync(call: 'fsync' | 'fdatasync', handleNumber: number): void {
      const { file, path } = handle(handleNumber)
      const verdict = ask(call, path)
      if (verdict === 'crash') throw new ProcessEnded(`ended in ${call} of ${path}`)
      // As Linux does it: what could not be written counts as clean from now on, and no later sync tries again.
      if (verdict === 'EIO') file.durable = survive(file.durable, file.pending, random)
      else file.durable = file.pending.reduce(apply, file.durable)
      file.pending = []
      if (verdict === 'EIO') throw systemError('EIO', path)
    }

    function change(folder: Folder, renaming: Renaming): void {
      for (const each of renaming) setEntry(folder.entries, each)
      folder.pending.push(renaming)
    }

    return {
      open(path, flags) {
        enter('open', path)
        let file = find(path)
        if (file && flags === 'ax') throw systemError('EEXIST', path)
        if (!file && flags.startsWith('r')) throw systemError('ENOENT', path)
        if (!file) {
          if (usedBytes() >= capacity) throw systemError('ENOSPC', path)
          file = newFile()
          change(folderOf(path), [[basename(path), file]])
        }
        if (file.kind !== 'file') throw systemError('EISDIR', path)
        opened.set(nextFile, { file, path, position: 0, appends: flags.startsWith('a') })
        return nextFile++
      },
      close(file) {
        enter('close', handle(file).path)
        opened.delete(file)
      },
      read(file, into, offset, length, position) {
        const open = handle(file)
        enter('read', open.path)
        const bytes = open.file.bytes.subarray(position, position + length)
        into.set(bytes, offset)
        return bytes.length
      },
      write: (file, bytes, offset = 0) => put('write', file, Buffer.from(bytes.subarray(offset))),
      writev: (file, parts) => put('writev', file, Buffer.concat(parts)),
      pwrite: (file, bytes, position) => put('pwrite', file, Buffer.from(bytes), position),
      fdatasync: (file) => sync('fdatasync', file),
      fsync: (file) => sync('fsync', file),
      ftruncate(file, bytes) {
        const open = handle(file)
        enter('ftruncate', open.path)
        truncate(open.file, bytes)
      },
      fstat(file) {
        const open = handle(file)
        enter('fstat', open.path)
        return { size: open.file.bytes.length }
      },
      stat(path) {
        enter('stat', path)
        return { size: fileAt(path).bytes.length }
      },
      exists(path) {
        enter('exists', path)
        return find(path) !== undefined
      },
      readdir(path) {
        enter('readdir', path)
        const folder = find(path)
        if (folder?.kind !== 'folder') throw systemError('ENOENT', path)
        return [...folder.entries.keys()]
      },
      mkdir(path) {
        enter('mkdir', path)
        if (find(path)) throw systemError('EEXIST', path)
        change(folderOf(path), [[basename(path), newFolder()]])
      },
      syncDirectory(path) {
        enter('syncDirectory', path)
        const folder = find(path)
        if (folder?.kind !== 'folder') throw systemError('ENOENT', path)
        folder.durable = new Map(folder.entries)
        folder.pending = []
      },
      rename(from, to) {
        enter('rename', from)
        if (dirname(from) !== dirname(to)) throw systemError('EXDEV', from)
        const file = fileAt(from)
        change(folderOf(from), [
          [basename(from), undefined],
          [basename(to), file],
        ])
      },
      unlink(path) {
        enter('unlink', path)
        fileAt(path)
        change(folderOf(path), [[basename(path), undefined]])
      },
    }
  }

  /** What is left of a folder and all below it after power loss. */
  function losePower(folder: Folder): void {
    const keep = howMuch(folder.pending.length, random)
    folder.entries = new Map(folder.durable)
    folder.pending
      .filter((_, index) => keep(index))
      .forEach((renaming) => {
        for (const each of renaming) setEntry(folder.entries, each)
      })
    folder.durable = new Map(folder.entries)
    folder.pending = []
    for (const entry of folder.entries.values()) {
      if (entry.kind === 'folder') losePower(entry)
      else {
        entry.bytes = entry.durable = survive(entry.durable, entry.pending, random)
        entry.pending = []
      }
    }
  }

  return {
    boot,
    crash(kind) {
      life++
      if (kind === 'power') losePower(root)
    },
    setCapacity: (bytes) => void (capacity = bytes),
    usedBytes,
    isSynced: () => isSynced(root),
    files: () => new Map([...filesIn(root, '')].map(([path, { bytes }]) => [path, bytes])),
  }
}

const newFile = (): File => ({ kind: 'file', bytes: Buffer.alloc(0), durable: Buffer.alloc(0), pending: [] })
const newFolder = (): Folder => ({ kind: 'folder', entries: new Map(), durable: new Map(), pending: [] })

function truncate(file: File, bytes: number): void {
  const change: Change = { truncate: bytes }
  file.bytes = apply(file.bytes, change)
  file.pending.push(change)
}

/** What may be left of changes that were not synced: none, all, the first ones, or any sectors of them. */
function survive(durable: Buffer, pending: readonly Change[], random: Random): Buffer {
  const keep = howMuch(pending.length, random)
  return pending.reduce((bytes, change, index) => {
    const fate = keep(index)
    if (!fate) return bytes
    if (fate === 'whole' || 'truncate' in change) return apply(bytes, change)
    if (fate === 'start')
      return apply(bytes, { at: change.at, bytes: change.bytes.subarray(0, random.between(0, change.bytes.length)) })
    return applySectors(bytes, change, random)
  }, durable)
}

type Fate = 'whole' | 'start' | 'sectors' | undefined

function howMuch(count: number, random: Random): (index: number) => Fate {
  const first = random.between(0, count)
  return random.pick<(index: number) => Fate>([
    () => undefined,
    () => 'whole',
    (index) => (index < first ? 'whole' : index === first ? 'start' : undefined),
    () => random.pick<Fate>(['whole', 'sectors', undefined]),
  ])
}

/** Some sectors of a write; the others are as they were, or what a new piece of disk holds: zeros, seldom rubbish. */
function applySectors(before: Buffer, { at, bytes }: { at: number; bytes: Buffer }, random: Random): Buffer {
  const after = Buffer.from(apply(before, { at, bytes }))
  for (let from = at; from < at + bytes.length;) {
    const to = Math.min(at + bytes.length, (Math.floor(from / sectorBytes) + 1) * sectorBytes)
    if (random.chance(0.4)) {
      const rubbish = random.chance(0.1)
      for (let i = from; i < to; i++) after[i] = before[i] ?? (rubbish ? random.between(0, 255) : 0)
    }
    from = to
  }
  return after
}

function apply(bytes: Buffer, change: Change): Buffer {
  if ('truncate' in change) {
    if (change.truncate <= bytes.length) return bytes.subarray(0, change.truncate)
    return Buffer.concat([bytes, Buffer.alloc(change.truncate - bytes.length)])
  }
  const after = Buffer.alloc(Math.max(bytes.length, change.at + change.bytes.length))
  bytes.copy(after)
  change.bytes.copy(after, change.at)
  return after
}

function setEntry(entries: Folder['entries'], [name, entry]: Renaming[number]): void {
  if (entry) entries.set(name, entry)
  else entries.delete(name)
}

function* filesIn(folder: Folder, path: string): Generator<[string, File]> {
  for (const [name, entry] of folder.entries)
    if (entry.kind === 'file') yield [`${path}/${name}`, entry]
    else yield* filesIn(entry, `${path}/${name}`)
}

function isSynced(folder: Folder): boolean {
  return (
    folder.pending.length === 0 &&
    [...folder.entries.values()].every((entry) =>
      entry.kind === 'folder' ? isSynced(entry) : entry.pending.length === 0 && entry.bytes.equals(entry.durable),
    )
  )
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: '${path}'`), { code, errno: -1 })
}
