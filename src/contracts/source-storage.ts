// Records and files on their way from a source into the storage: what is asked for, and who may ask.
import type { RecordExtras } from './batch.ts'
import type { Kind, Stream } from './record.ts'

/** A structured record handed over as an object. */
export interface Entry {
  message: string
  stream?: Stream
  kind?: Kind
  severity?: number
  /** Unix milliseconds; now when absent. */
  time?: number
  /** The sender's own number of it: an entry whose number its run has already is not committed again. */
  number?: number
  extras?: RecordExtras
}

export interface TailRequest {
  run: number
  pid: number
  stream: Stream
  /** Absolute path. */
  path: string
  /** A private capture file: its consumed head may be punched out, and it is removed by `finish`. */
  capture: boolean
}

/** A file being read by the storage worker from where the last commit left it. */
export interface TailHandle {
  /** Resolves when everything that is in the file now is committed. */
  drain(): Promise<void>
  /** Drains including a last line without newline, forgets the cursor, removes the file if it is a capture file. */
  finish(): Promise<void>
  /** Stops reading; the cursor stays, so that a later tail of the same source, run and stream goes on. */
  close(): Promise<void>
}

/** Why something of a file will never be read; the words are in text/gaps.ts. */
export type FileCause = 'truncated' | 'replaced' | 'removed' | 'backlog' | 'hole' | 'damaged'

/** Identity of a file, whatever it is called. */
export interface FileIdentity {
  device: number
  inode: number
}

/** A file of others where it is. */
export interface FilePlace extends FileIdentity {
  /** Absolute, with all links followed. */
  path: string
}

/** A file whose place is remembered. */
export interface RememberedFile extends FileIdentity {
  /** Modification time when the last byte was read; Unix milliseconds. */
  modifiedAt?: number
  /** Older than the first file that was followed; what it held then stays unread. */
  isPassed?: boolean
}

export interface RememberedFiles {
  files: RememberedFile[]
  /** Unix milliseconds: all that were there then are among them. */
  seenAt?: number
}

/** A file that somebody else writes, renames, truncates and removes. */
export interface FileRequest extends FilePlace {
  run: number
  /** The file that this rotated copy came from, e.g. app.log for app.log.1. */
  original?: FilePlace
  /** Beginning of reading when no hub has read the file before. */
  start: 'beginning' | 'end'
  encoding: Encoding
  /** Size of the file when it was found. */
  seenBytes?: number
  /** Rotated before the first look: what it holds stays unread, and its end is remembered as its place. */
  isPassed?: boolean
  /** A compressed copy of what the file's inode held before may still appear: its place stays remembered. */
  mayReturn?: boolean
  /** Compressed: the text is read, once, but for what was read before it was compressed. */
  packed?: boolean
  /** All its records have this in the field `log.file.path`. */
  label?: string
}

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'latin1'] as const
export type Encoding = (typeof encodings)[number]

export interface ForgetOptions {
  /** Compressed it may come back. */
  mayReturn?: boolean
  /** Nobody saw it go: what may have been written to it is told as missing. */
  isUnseen?: boolean
}

export interface FileTail extends TailHandle {
  /** Tells that the file is called so now. */
  rename(path: string): Promise<void>
  /** How far it was read, of how many bytes. */
  look(): Promise<{ offset: number; size: number }>
}

/** `failed`: why it cannot be opened for the moment. */
export type OpenedTail = FileTail | 'moved' | 'copy' | { failed: string }

/** Requests of one source to the storage. */
export interface SourceStorage {
  tail(request: TailRequest): Promise<TailHandle>
  /**
   * `moved`: the path names another file by now, or none; `copy`: of a file that is read, or was, so not to be read, as is one
   * that is passed.
   */
  tailFile(request: FileRequest): Promise<FileTail | 'moved' | 'copy'>
  /**
   * Tails of files that are opened at once, before any of them is read. Each of `logs` names files that are read one after the
   * other; they may be open already.
   */
  tailLogs(requests: FileRequest[], logs: FileIdentity[][]): Promise<OpenedTail[]>
  /** The files of others that this run has read, as far as that is remembered. */
  rememberedFiles(run: number): Promise<RememberedFiles>
  /** All that were there then have been opened, or are not to be. */
  sawAllFiles(run: number, at: number): Promise<void>
  /** Bytes in this source's files of others that wait to be read. */
  backlogBytes(): Promise<number>
  /** The place in one that is gone need not be remembered any more. */
  forgetFile(run: number, file: FileIdentity, how?: ForgetOptions): Promise<void>
  /**
   * Resolves when the records are committed. `once` names them: pushed again under the name of the last ones, as after a
   * crash that left it unknown whether they were committed, they are not committed twice.
   */
  push(run: { run: number; pid: number }, entries: Entry[], once?: string): Promise<void>
  /**
   * Resolves when the records are committed, in one commit; rejects where that cannot be done now, and nothing of them is kept.
   * For senders that are answered, and send again what was refused.
   */
  offer(run: { run: number; pid: number }, entries: Entry[]): Promise<void>
  /** The name under which records were last pushed that had one, by this hub or one before it. */
  lastOnce(): Promise<string | undefined>
  /** Whether there is a record that the query finds. */
  has(query: string): Promise<boolean>
}
