// The sinks there are; a new one is one file and one line here.
import type { SinkType } from '../contracts/sink.ts'
import { logFile } from './log-file.ts'
import { sessionFile } from './session-file.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- each sink has options of its own
export const sinkTypes: SinkType<any>[] = [logFile, sessionFile]
