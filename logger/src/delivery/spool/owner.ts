// The process that a directory of the spool belongs to, as the directory's name says, and whether that process still lives.
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

export interface Owner {
  /** 0: nobody; left in order. */
  pid: number
  /** Clock ticks from the machine's start to the process's; 0 where there is no /proc. */
  startTicks: number
  /** Machine and its present run. */
  machine: string
  /** The space within which process numbers mean the same. */
  pidSpace: string
  /** Different for each owner. */
  id: string
}

/** An owner whose life cannot be seen from here shows it by touching its directory. */
export const touchEveryMs = 1000
const touchedWithinMs = 3000

export function createOwner(): Owner {
  const { machine, pidSpace } = here()
  return {
    pid: process.pid,
    startTicks: startTicksOf(process.pid) ?? 0,
    machine,
    pidSpace,
    id: randomBytes(6).toString('hex'),
  }
}

export function formatOwner({ pid, startTicks, machine, pidSpace, id }: Owner): string {
  return `${pid}.${startTicks}.${machine}.${pidSpace}.${id}`
}

export function parseOwner(name: string): Owner | undefined {
  const [pid, startTicks, machine, pidSpace, id, ...more] = name.split('.')
  if (!id || more.length > 0 || !/^\d+$/.test(pid!) || !/^\d+$/.test(startTicks!)) return undefined
  return { pid: Number(pid), startTicks: Number(startTicks), machine: machine!, pidSpace: pidSpace!, id }
}

export interface OwnerSigns {
  here: Pick<Owner, 'machine' | 'pidSpace'>
  /** Of the process that has this number now; undefined when there is none. */
  startTicks: number | undefined
  /** Since the directory was last touched. */
  untouchedMs: number
}

export type OwnerLife = 'alive' | 'dead' | 'unknown'

/** Unknown: the owner is somewhere else and gave a sign lately. */
export function ownerLife(owner: Owner, signs: OwnerSigns): OwnerLife {
  if (owner.pid === 0) return 'dead'
  const isComparable = owner.machine === signs.here.machine && owner.pidSpace === signs.here.pidSpace
  if (isComparable) return signs.startTicks === owner.startTicks ? 'alive' : 'dead'
  return signs.untouchedMs > touchedWithinMs ? 'dead' : 'unknown'
}

/** The machine with its run, and the space of process numbers, as short names. */
export function here(): Pick<Owner, 'machine' | 'pidSpace'> {
  let boot = ''
  let space = ''
  try {
    boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1')
    space = readlinkSync('/proc/self/ns/pid')
  } catch {
    // No Linux: the host's name has to do.
  }
  const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)
  return { machine: short(`${hostname()} ${boot}`), pidSpace: short(space) }
}

/** 0 for a living process where there is no /proc; undefined when there is no such process. */
export function startTicksOf(pid: number): number | undefined {
  try {
    // The command's name may hold spaces and brackets: fields count from the last bracket.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : Number(fields[19])
  } catch {
    if (process.platform === 'linux') return undefined
  }
  try {
    process.kill(pid, 0)
    return 0
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 0 : undefined
  }
}
