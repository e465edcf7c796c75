// `npm run torture [minutes]`: the scenario of kill.test.ts over and over, with hubs killed at random moments, many within
// the first instants of their start, and small log files that rotate all the time. Ends with code 1 at the
// first fault.
import { surviveKills, type KillPlan } from '../system/survive-kills.ts'

const minutes = Number(process.argv[2] ?? 10)
if (!(minutes > 0)) {
  console.error('usage: npm run torture [minutes]')
  process.exit(2)
}

const between = (least: number, most: number): number => Math.round(least + Math.random() * (most - least))

/** Mostly while starting: there a hub changes the most at once. */
function randomLife(): KillPlan['lives'][number] {
  const fate = Math.random()
  if (fate < 0.25) return { after: 'launch', ms: between(0, 100) }
  if (fate < 0.7) return { after: 'launch', ms: between(100, 1500) }
  return { after: 'ready', ms: between(0, 1500) }
}

const endAt = Date.now() + minutes * 60_000
let [rounds, kills, lines] = [0, 0, 0]
while (Date.now() < endAt) {
  const plan: KillPlan = {
    perSecond: [2000, 20_000, 50_000][rounds % 3]!,
    lives: Array.from({ length: 20 }, randomLife),
    deadMs: between(0, 100),
    rotateBytes: [64 * 1024, 1024 * 1024][rounds % 2]!,
  }
  try {
    const outcome = await surviveKills(plan)
    rounds++
    kills += plan.lives.length + 1
    lines += outcome.lines
    console.log(`round ${rounds}: ${plan.perSecond} lines/s, ${outcome.lines} lines, ${outcome.shortLives} short lives`)
  } catch (error) {
    console.error(`round ${rounds + 1} failed: ${JSON.stringify(plan)}`)
    console.error(error)
    process.exitCode = 1
    break
  }
}
console.log(
  `${rounds} rounds, ${kills} kills, ${lines} lines: nothing lost, nothing twice${process.exitCode ? ' until then' : ''}`,
)
