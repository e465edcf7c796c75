// Options that a person gives for the files of a source.
import type { Encoding } from '../contracts/source-storage.ts'

export interface FileOptions {
  /** Globs, relative to the configuration's directory. */
  paths: string[]
  exclude: string[]
  /**
   * Place at which reading begins in files that are there when a source is followed for the first time; later ones are read whole.
   */
  start: 'beginning' | 'end'
  encoding: Encoding
  /** Compressed files are read, too: their text, and what was read before it was compressed not again. */
  compressed: boolean
  /** Directories that links may lead to, beside those that the paths name. */
  allow: string[]
  title?: string | undefined
}
