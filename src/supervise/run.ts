// A run of a process from its start, or its adoption, until the last byte that anybody wrote for it is committed and nobody
// is left of it.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { LogboomError } from '../contracts/errors.ts'
import { severities } from '../contracts/record.ts'
import type { RunRow, SourceContext } from '../contracts/source.ts'
import type { RunExit } from '../contracts/source-status.ts'
import type { Entry, TailHandle } from '../contracts/source-storage.ts'
import { findCaptureFiles, inputPath, openCaptureFiles, removeCaptureFiles } from './capture-files.ts'
import { checkCommand, commandCheck, commandVector, formatCommand, type Command } from './command.ts'
import { lifeOf } from './process/identity.ts'
import { exitEntry, lifecycleEntry } from './lifecycle-event.ts'
import { adoptProcess, readExit, spawnProcess, type LivingProcess } from './process/living-process.ts'
import { findLeader, watchRest, type Trail } from './process/members.ts'
import type { RestartHistory } from './restart-policy.ts'
import { runVariable, underLimit } from './process/run-mark.ts'
import type { RunDetails } from './run-details.ts'
import { removeRunNote, writeRunNote } from './run-note.ts'
import { openStandardInput, type StandardInput } from './standard-input.ts'

export interface Run {
  number: number
  startedAt: number
  trail: Trail
  /** Absent when it was found dead. */
  process?: LivingProcess
  adopted: boolean
  details: Readonly<RunDetails>
  /** Changes the details, in the catalogue too. */
  note(changes: Partial<RunDetails>): void
  /** Puts records into the source's log under this run. */
  tell(...entries: Entry[]): Promise<void>
  isAlive(): boolean
  exited: Promise<RunExit>
  /** Everything that the process itself wrote, and its exit, is committed. */
  told: Promise<void>
  /** Nobody of it is left, and all is committed; or the run was left. */
  over: Promise<void>
  /** Ends capturing, so that another hub can go on with it. */
  leave(): void
}

export interface Launch {
  command: Command
  directory: string
  stdin: StandardInput
  /** Throws where it cannot be told. */
  environment: () => NodeJS.ProcessEnv
  restarts: number
  history: RestartHistory
  firing?: number | undefined
}

/** Trouble that ends capturing but not the process, for people. */
type OnTrouble = (message: string) => void

/** Grandchildren who are left are looked for again after so long, growing from the first to the last. */
const restPollMs = { first: 50, last: 1000 }
/** So long an exit waits to be told for them to be gone. */
const lingerMs = 200

/** Starts a run. Rejects with `command-not-found` or `start-failed` when it cannot be, having said so in the log. */
export async function launchRun(context: SourceContext, launch: Launch, onTrouble: OnTrouble): Promise<Run> {
  const { directory, restarts, history, firing } = launch
  const command = formatCommand(launch.command)
  const runId = randomUUID()
  const details: RunDetails = {
    runId,
    command,
    commandCheck: commandCheck(launch.command, runId),
    restarts,
    history,
    ...(firing === undefined ? {} : { firing }),
  }
  // Stored before the spawn: dying at any moment from here on leaves what finds the process, if there is one.
  const row = context.runs.begin({ ...details })
  const place = { captureDirectory: context.captureDirectory, source: context.name, run: row.run }
  try {
    const environment: NodeJS.ProcessEnv = { ...launch.environment(), [runVariable]: details.runId }
    checkCommand(launch.command, directory, environment.PATH)
    const input = await openStandardInput(launch.stdin, context.baseDirectory, inputPath(place))
    const vector = underLimit(details.runId, commandVector(launch.command))
    const start = async (): Promise<LivingProcess> => {
      const { files, descriptors: output, close } = openCaptureFiles(place)
      details.files = files
      return spawnProcess({ vector, directory, environment, input: input.descriptor, output }).finally(close)
    }
    const process = await start().finally(input.close)
    details.identity = process.identity
    context.runs.update(row.run, { ...details })
    writeRunNote(context.captureDirectory, { ...row, details: { ...details } })
    const first = lifecycleEntry('started', `started (PID ${process.pid})`, {
      pid: process.pid,
      command,
      ...(firing === undefined ? {} : { firing: new Date(firing).toISOString() }),
    })
    return attendRun({ context, row, details, process, adopted: false, first, onTrouble })
  } catch (cause) {
    const { message } = cause as Error
    const error = cause instanceof LogboomError ? cause : new LogboomError('start-failed', message, { cause })
    const entry = lifecycleEntry('start-failed', `could not start: ${message}`, { severity: severities.ERROR, command })
    await context.push({ run: row.run, pid: 0 }, [entry]).catch((failure: Error) => onTrouble(failure.message))
    removeCaptureFiles(place)
    removeRunNote(place)
    delete details.files
    context.runs.end(row.run, context.now(), { ...details })
    throw error
  }
}

/** Goes on with a run that an earlier hub left behind, alive or dead. */
export function recoverRun(context: SourceContext, row: RunRow, onTrouble: OnTrouble): Run {
  const details = row.details as unknown as RunDetails
  details.command = formatCommand(details.command)
  const place = { captureDirectory: context.captureDirectory, source: context.name, run: row.run }
  details.files ??= findCaptureFiles(place)
  details.identity ??= findLeader({ runId: details.runId, files: details.files })
  const { identity } = details
  if (!details.exit && identity && lifeOf(identity) === 'alive') {
    const first = lifecycleEntry('adopted', `adopted (PID ${identity.pid})`, { pid: identity.pid })
    const process = adoptProcess(identity)
    context.runs.update(row.run, { ...details })
    writeRunNote(context.captureDirectory, { ...row, details: { ...details } })
    return attendRun({ context, row, details, process, adopted: true, first, onTrouble })
  }
  details.exit ??= readExit(identity)
  return attendRun({ context, row, details, adopted: false, onTrouble })
}

interface Attendance {
  context: SourceContext
  row: RunRow
  details: RunDetails
  process?: LivingProcess
  adopted: boolean
  /** Told before anything is captured. */
  first?: Entry
  onTrouble: OnTrouble
}

function attendRun({ context, row, details, process, adopted, first, onTrouble }: Attendance): Run {
  const pid = details.identity?.pid ?? 0
  const files = details.files ?? []
  const trail: Trail = { runId: details.runId, identity: details.identity, files }
  const left = Promise.withResolvers<undefined>()
  const told = Promise.withResolvers<void>()
  const note = (changes: Partial<RunDetails>) => {
    Object.assign(details, changes)
    context.runs.update(row.run, { ...details })
  }
  // The log failing must not keep anybody from watching, stopping or starting the process.
  const tellOnce = (once: string | undefined, ...entries: Entry[]): Promise<boolean> =>
    context.push({ run: row.run, pid }, entries, once).then(
      () => true,
      (error: Error) => {
        onTrouble(error.message)
        return false
      },
    )
  const tell = async (...entries: Entry[]): Promise<void> => void (await tellOnce(undefined, ...entries))

  const exited = process ? process.exited : Promise.resolve(details.exit!)
  exited.then((exit) => details.exit ?? note({ exit })).catch((error: Error) => onTrouble(error.message))
  const leftBefore = (work: Promise<unknown>) => Promise.race([left.promise.then(() => true), work.then(() => false)])

  /** Returns whether it came so far, or was left before. */
  const untilNot = async (holds: () => Promise<boolean>): Promise<boolean> => {
    for (let waitMs = restPollMs.first; await holds(); waitMs = Math.min(waitMs * 2, restPollMs.last))
      if (await leftBefore(sleep(waitMs))) return false
    return true
  }

  /** Returns whether it came to its end, or was left before. */
  const followToEnd = async (tails: TailHandle[]): Promise<boolean> => {
    if (await leftBefore(exited)) return false
    const exit = await exited
    if (await leftBefore(Promise.all(tails.map((tail) => tail.drain())))) return false
    const rest = watchRest(trail)
    const finish = () => Promise.all(tails.map((tail) => tail.finish()))
    // A last line without its newline belongs before the exit, unless somebody may still complete it. Those who are
    // ended together with their leader take a moment to be gone.
    const lingerUntil = performance.now() + lingerMs
    let lingers = await rest.writes()
    while (lingers && performance.now() < lingerUntil) {
      if (await leftBefore(sleep(restPollMs.first))) return false
      lingers = await rest.writes()
    }
    if (!lingers) await finish()
    if (!details.told) {
      // Dying before it is noted must not make the next hub tell it again; and what this hub could not keep, the next one tells.
      const entry = exitEntry(exit, pid, details.stopRequested ?? false, adopted)
      if (!(await tellOnce(`exit/${row.run}`, entry))) return false
      note({ told: true })
    }
    told.resolve()
    if (lingers && !(await untilNot(rest.writes))) return false
    if (lingers) await finish()
    // The silent ones are nobody's business but that of a stop.
    if (!(await untilNot(rest.lives))) return false
    context.runs.end(row.run, exit.at, { ...details })
    removeRunNote({ captureDirectory: context.captureDirectory, source: context.name, run: row.run })
    return true
  }

  const attend = async (): Promise<void> => {
    // Not waited for: on a full disk that would keep the output from being read.
    if (first) void tell(first)
    const present = findCaptureFiles({ captureDirectory: context.captureDirectory, source: context.name, run: row.run })
    const tails = await Promise.all(
      present.map(({ stream, path }) => context.tail({ run: row.run, pid, stream, path, capture: true })),
    )
    if (!(await followToEnd(tails))) await Promise.all(tails.map((tail) => tail.close()))
  }

  const over = attend()
    .catch((error: Error) => onTrouble(`output is not being read: ${error.message}`))
    .finally(told.resolve)
  return {
    number: row.run,
    startedAt: row.startedAt,
    trail,
    process,
    adopted,
    details,
    note,
    tell,
    isAlive: () => process?.isAlive() ?? false,
    exited,
    told: told.promise,
    over,
    leave: () => {
      process?.leave()
      left.resolve(undefined)
    },
  }
}
