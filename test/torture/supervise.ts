// The scenario of crash-loop.test.ts with more processes, more crashes, and hubs killed at random moments.
import { surviveCrashes } from '../system/supervise/survive-crashes.ts'
import { randomLife } from './hub-kills.ts'

export async function superviseFaults(): Promise<string> {
  const lives = Array.from({ length: 20 }, randomLife)
  try {
    const { runs, unseen } = await surviveCrashes({ processes: 5, crashes: 60, lives })
    return `${lives.length} kills, ${runs} runs, ${unseen} ends unseen`
  } catch (cause) {
    throw new Error(`failed: ${JSON.stringify(lives)}`, { cause })
  }
}
