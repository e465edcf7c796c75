// All sources there are: adding one is its file and its line here.
import type { SourceType } from '../contracts/source.ts'
import { dockerSource } from './docker.ts'
import { fileSource } from './file.ts'
import { jobSource } from './job.ts'
import { journaldSource } from './journald.ts'
import { pipeSource } from './pipe.ts'
import { processSource } from './process.ts'
import { syslogSource } from './syslog.ts'

// Each type has options of its own, which only its own schema and `open` know.
// oxlint-disable-next-line typescript/no-explicit-any
export const sourceTypes: SourceType<any>[] = [
  processSource,
  fileSource,
  pipeSource,
  syslogSource,
  journaldSource,
  dockerSource,
  jobSource,
]
