// `hub.json`, by which commands find the hub of a state directory.
import { closeSync, constants, fchmodSync, fstatSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivate, replaceFile } from '../system/new-file.ts'

const fileName = 'hub.json'

export const hubFilePath = (stateDirectory: string): string => join(stateDirectory, fileName)

/** Content of the file that a running hub leaves in its state directory. */
export interface HubFile {
  url: string
  pid: number
  /** A token that may do everything; this file is its owner's alone. */
  key?: string
  session: string
  /** Unix milliseconds. */
  startedAt: number
}

/** Content of the hub's file, whether that hub still lives or not; undefined when there is none. */
export function readHubFile(stateDirectory: string): HubFile | undefined {
  try {
    const file = JSON.parse(readFileSync(hubFilePath(stateDirectory), 'utf8')) as Partial<HubFile> | null
    const isOurs = URL.canParse(file?.url ?? '') && typeof file?.session === 'string' && typeof file.pid === 'number'
    return isOurs ? (file as HubFile) : undefined
  } catch {
    return undefined
  }
}

/** Commands find the hub by this file, so one that was damaged or taken away is written again. */
export function tendHubFile(stateDirectory: string, { url, pid, session, startedAt, key }: Required<HubFile>): void {
  const path = hubFilePath(stateDirectory)
  const there = readHubFile(stateDirectory)
  // Two hubs that begin in one second may have one session, where the catalogue is lost in between.
  if (there?.session === session && there.pid === pid) return makePrivate(path)
  const text = `${JSON.stringify({ url, pid, session, startedAt, key } satisfies HubFile)}\n`
  try {
    replaceFile(path, text, { isLasting: false })
  } catch (error) {
    if (!writeOver(path, text)) throw error
  }
}

/** A full disk still takes what fits where a killed hub's file stands; nobody else may read it before the key stands in it. */
function writeOver(path: string, text: string): boolean {
  let file: number | undefined
  try {
    file = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW)
    fchmodSync(file, 0o600)
    const bytes = Buffer.from(text.padEnd(fstatSync(file).size))
    return writeSync(file, bytes, 0, bytes.length, 0) === bytes.length
  } catch {
    return false
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
