// The scenarios of test/system/supervise with more processes, more crashes, and hubs killed at random moments.
import {
  collectingShell,
  requirePidNamespace,
  reusePids,
  runInPidNamespace,
} from '../system/supervise/pid-namespace.ts'
import { surviveCrashes } from '../system/supervise/survive-crashes.ts'
import { surviveEscapes, type EscapePlan } from '../system/supervise/survive-escapes.ts'
import { randomLife } from './hub-kills.ts'

export async function superviseFaults(round: number): Promise<string> {
  const scenarios = [crash, crash, escape, reuse]
  return scenarios[round % scenarios.length]!()
}

async function crash(): Promise<string> {
  const lives = Array.from({ length: 20 }, randomLife)
  try {
    const { runs, unseen } = await surviveCrashes({ processes: 5, crashes: 60, lives })
    return `${lives.length} kills, ${runs} runs, ${unseen} ends unseen`
  } catch (cause) {
    throw new Error(`failed: ${JSON.stringify(lives)}`, { cause })
  }
}

async function escape(): Promise<string> {
  const plan: EscapePlan = { orphaned: Math.random() < 0.5, silent: Math.random() < 0.5, kills: 5 }
  try {
    return `${plan.kills} kills, ${await surviveEscapes(plan)} escapees ended`
  } catch (cause) {
    throw new Error(`failed: ${JSON.stringify(plan)}`, { cause })
  }
}

async function reuse(): Promise<string> {
  const { skip } = requirePidNamespace()
  return skip || (await runInPidNamespace(collectingShell, reusePids)).trim()
}
