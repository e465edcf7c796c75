// The list of sinks; adding one is one file and one line here.
import type { SinkType } from '../sink.ts'

export const sinkTypes: SinkType<any>[] = []
