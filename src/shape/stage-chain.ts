// The stages that the records of one source pass, in their order, as one; which they are may differ from source to source.
import type { RecordBatch } from '../contracts/batch.ts'
import type { ServiceNames } from '../contracts/record.ts'
import { patternTest } from '../query/match/wildcard.ts'
import type { Stage, StageType } from '../contracts/stage.ts'
import type { CursorValue } from '../contracts/store.ts'

export interface StageChain {
  apply(batch: RecordBatch): RecordBatch
  /** See Stage. */
  join: Stage['join']
  holdMs: number
  /** Memory of the stages, as a part of a cursor. */
  memory(): CursorValue
}

/** A chain for one source, run and stream; `cursor` has what its stages remember. */
export type OpenStages = (source: string, cursor?: CursorValue) => StageChain

export interface StageOptions {
  /** By name of the stage; one that is not named is not used. */
  stages: Record<string, unknown>
  /** The first pattern that matches a source's name counts: what is another for it; `false`: not used. */
  serviceNames?: ServiceNames
  stagesOfSources?: { pattern: string; stages: Record<string, unknown> }[]
}

/** `filter` comes behind all stages; default: there is none. */
export function stageChains(
  types: readonly StageType[],
  { stages, stagesOfSources = [], serviceNames }: StageOptions,
  filter: (batch: RecordBatch) => RecordBatch = (batch) => batch,
): OpenStages {
  const rules = stagesOfSources.map(({ pattern, stages: own }) => ({
    matches: patternTest({ text: pattern, wildcard: pattern.includes('*') }),
    stages: own,
  }))
  return (source, cursor = {}) => {
    const options = { ...stages, ...rules.find(({ matches }) => matches(source))?.stages }
    return chain(
      types
        .filter(({ name }) => options[name] !== undefined && options[name] !== false)
        .map((type) => [
          type.name,
          type.open(options[type.name], cursor[memoryKey(type.name)]?.toString(), serviceNames),
        ]),
      filter,
    )
  }
}

function chain(
  named: readonly [name: string, stage: Stage][],
  filter: (batch: RecordBatch) => RecordBatch,
): StageChain {
  const stages = named.map(([, stage]) => stage)
  const joining = stages.find((stage) => stage.join)
  return {
    apply: (batch) => filter(stages.reduce((shaped, stage) => stage.apply(shaped), batch)),
    join: joining?.join,
    holdMs: joining?.holdMs ?? 0,
    memory() {
      const memory: CursorValue = {}
      for (const [name, stage] of named) {
        const own = stage.memory?.()
        if (own !== undefined) memory[memoryKey(name)] = own
      }
      return memory
    },
  }
}

const memoryKey = (stage: string): string => `stage ${stage}`
