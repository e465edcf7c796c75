// The rules by which lines of a source become one entry, for sources that hand over entries and not files.
import type { Config } from '../config/config.ts'
import type { LineJoining } from '../contracts/stage.ts'
import { stageChains } from '../shape/stage-chain.ts'

/** Undefined where no lines are joined. */
export async function lineJoining(
  source: string,
  { stages, stagesOfSources }: Pick<Config, 'stages' | 'stagesOfSources'>,
): Promise<LineJoining | undefined> {
  const { joinLines } = await import('../stages/join-lines.ts')
  const { join, holdMs } = stageChains([joinLines], { stages, stagesOfSources })(source)
  return join && { join, holdMs }
}
