// The scenario of agent-kills.test.ts with blows at random moments, many within the first instants of a start.
import { surviveAgentKills, type AgentKillPlan, type Blow } from '../system/survive-agent-kills.ts'

const between = (least: number, most: number): number => Math.round(least + Math.random() * (most - least))
const blows: Blow[] = ['agent', 'hub', 'both', 'cut', 'cut', 'cut', 'lost-answer', 'lost-answer', 'lost-answer']

export async function strikeAgents(round: number): Promise<string> {
  const plan: AgentKillPlan = {
    perSecond: [500, 5000, 20_000][round % 3]!,
    blows: Array.from({ length: 40 }, () => ({
      what: blows[between(0, blows.length - 1)]!,
      afterMs: Math.random() < 0.5 ? between(0, 200) : between(200, 1500),
    })),
    // Small files, so that they come and go all the time.
    words: round % 2 === 0 ? [] : ['--spool', '4MB'],
  }
  try {
    const { lines, cuts } = await surviveAgentKills(plan)
    const kills = plan.blows.filter(({ what }) => what === 'agent' || what === 'hub' || what === 'both').length
    return `${kills} kills, ${cuts} cuts at ${plan.perSecond} lines/s, ${lines} lines`
  } catch (cause) {
    throw new Error(`failed: ${JSON.stringify(plan)}`, { cause })
  }
}
