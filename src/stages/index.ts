// All stages, in the order in which records pass them. A new one is its file and its line here.
import type { StageType } from '../stage.ts'
import { guessLevel } from './guess-level.ts'
import { parse } from './parse.ts'

export const stageTypes: StageType<any>[] = [parse, guessLevel]
