// The writing side of the store: commits to the newest tail file, hands full ones to the seal worker.
import { dirname } from 'node:path'
import { nodeDisk, type Disk } from '../../disk.ts'
import { makeDirectory } from '../../make-directory.ts'
import { LogboomError } from '../../errors.ts'
import { emptyBatch, type RecordBatch } from '../../batch.ts'
import { openSlab } from '../../slab.ts'
import type { Store, StoreOptions } from '../../store.ts'
import { encodeBatch } from '../../wire/batch-codec.ts'
import { openLocalReader } from './local-reader.ts'
import { dayOf, formatFile, formatVersion, newFile, tailFile } from './names.ts'
import { readFrom } from './read-file.ts'
import { recoverState, tailFiles } from './recover-state.ts'
import type { Sealer } from './sealer.ts'
import { beginTailFile, openTailFile, type CommitNote, type TailFile } from './tail-file.ts'

const sealBytes = 16 * 1024 * 1024
/** Frames of most commits fit in. */
const frameSlabBytes = 4 * 1024 * 1024

export async function openLocalStore(options: StoreOptions, sealer: Sealer): Promise<Store> {
  const { directory, now, warn, disk = nodeDisk } = options
  checkFormat(disk, directory)
  const { state, newest } = recoverState(disk, directory, warn)
  const reader = openLocalReader(options)
  const slab = openSlab(frameSlabBytes)
  let tailDay = newest?.day ?? ''
  let tail = newest ? openTailFile(disk, newest.path, newest.committedBytes) : beginTail()
  let sealing: Promise<void> = Promise.resolve()
  let sealingOf: string | undefined

  const closedTails = (): string[] => tailFiles(disk, directory).filter((path) => path !== tail.path)

  /** Starts a file with what must outlive the removal of the files before it. */
  function beginTail(): TailFile {
    state.forgetOldRuns()
    const file = beginTailFile(disk, tailFile(directory, state.head() + 1), encodeBatch(emptyBatch, state.carried()))
    tailDay = ''
    return file
  }

  async function sealClosedTails(): Promise<void> {
    // Files go only when the one that says what they said is certain to be there.
    tail.settle()
    for (const path of closedTails()) {
      sealingOf = path
      await sealer.seal({ directory, path })
    }
    sealingOf = undefined
  }

  function rotate(): void {
    // One without records would have the name of the next.
    if (tailDay === '') return
    // A closed file counts as it stands.
    tail.settle()
    const full = tail
    tail = beginTail()
    full.close()
    tail.settle()
  }

  function startSealing(): Promise<void> {
    sealing = sealing
      .then(sealClosedTails)
      .catch((error: Error) => warn(`Sealing ${sealingOf ?? directory} failed: ${error.message}`))
    return sealing
  }

  tail.settle()
  if (closedTails().length > 0) void startSealing()

  /** Nothing that is only being written. */
  const committed = <Request extends { before?: number }>(request: Request): Request => ({
    ...request,
    before: Math.min(request.before ?? Infinity, state.head() + 1),
  })

  return {
    head: state.head,
    sequence: state.sequence,
    cursors: state.cursors,
    async commit(batches, cursors) {
      const day = dayOf(now())
      if (tailDay !== '' && (tail.size() > sealBytes || day !== tailDay)) {
        rotate()
        void startSealing()
      }
      let id = state.head()
      for (const batch of batches) for (let i = 0; i < batch.count; i++) batch.id[i] = ++id
      const written: readonly RecordBatch[] = batches.length > 0 ? batches : [emptyBatch]
      const beginsDay = tailDay === '' && id > state.head()
      const notes = written.map((batch, i): CommitNote => ({
        ...(beginsDay && i === 0 ? { day } : {}),
        sequence: batch.seq[batch.count - 1] ?? 0,
        ...(i < written.length - 1
          ? { more: true }
          : { head: id, cursors: Object.fromEntries(cursors), ...(i > 0 ? { frames: written.length } : {}) }),
      }))
      slab.reset()
      tail.append(written.map((batch, i) => encodeBatch(batch, notes[i], slab.take)))
      if (beginsDay) tailDay = day
      written.forEach((batch, i) => state.apply(batch, notes[i]!))
    },
    async seal({ all = false } = {}) {
      if (all) rotate()
      await startSealing()
    },
    search: (request, signal) => reader.search(committed(request), signal),
    summarize: (request, signal) => reader.summarize(committed(request), signal),
    async close() {
      await sealing
      await sealer.close()
      tail.close()
      await reader.close()
    },
  }
}

function checkFormat(disk: Disk, directory: string): void {
  const path = formatFile(directory)
  if (!disk.exists(path)) {
    makeDirectory(directory, disk)
    disk.syncDirectory(dirname(directory))
    const fd = disk.open(newFile(path), 'w', 0o600)
    disk.write(fd, Buffer.from(JSON.stringify({ version: formatVersion }) + '\n'))
    disk.fsync(fd)
    disk.close(fd)
    disk.rename(newFile(path), path)
  }
  const fd = disk.open(path, 'r')
  const text = readFrom(disk, fd, 0, disk.fstat(fd).size).toString()
  disk.close(fd)
  const { version } = JSON.parse(text) as { version: number }
  if (version > formatVersion)
    throw new LogboomError(
      'state-unusable',
      `${directory} was written by a newer Logboom (format ${version}, this one knows ${formatVersion})`,
      {
        hint: 'Install that version again, or give another directory with --state DIR.',
      },
    )
}
