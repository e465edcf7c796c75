// All stages, in the order in which records pass them. A new one is its file and its line here.
import type { StageType } from '../contracts/stage.ts'
import { drop } from './drop.ts'
import { guessLevel } from './guess-level.ts'
import { joinLines } from './join-lines.ts'
import { parse } from './parse.ts'
import { redact } from './redact.ts'

// Each type has options of its own, which only its own schema and `open` know.
// oxlint-disable-next-line typescript/no-explicit-any
export const stageTypes: StageType<any>[] = [joinLines, redact, parse, guessLevel, drop]
