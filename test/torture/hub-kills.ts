// The scenario of kill.test.ts with hubs killed at random moments, many within the first instants of their start, and small log
// files that rotate all the time.
import { surviveKills, type KillPlan } from '../system/survive-kills.ts'

const between = (least: number, most: number): number => Math.round(least + Math.random() * (most - least))

/** Mostly while starting: there a hub changes the most at once. */
export function randomLife(): KillPlan['lives'][number] {
  const fate = Math.random()
  if (fate < 0.25) return { after: 'launch', ms: between(0, 100) }
  if (fate < 0.7) return { after: 'launch', ms: between(100, 1500) }
  return { after: 'ready', ms: between(0, 1500) }
}

export async function killHubs(round: number): Promise<string> {
  const plan: KillPlan = {
    perSecond: [2000, 20_000, 50_000][round % 3]!,
    lives: Array.from({ length: 20 }, randomLife),
    deadMs: between(0, 100),
    rotateBytes: [64 * 1024, 1024 * 1024][round % 2]!,
  }
  try {
    const { lines, shortLives } = await surviveKills(plan)
    const kills = plan.lives.length + 1
    return `${kills} kills at ${plan.perSecond} lines/s, ${lines} lines, ${shortLives} short lives`
  } catch (cause) {
    throw new Error(`failed: ${JSON.stringify(plan)}`, { cause })
  }
}
