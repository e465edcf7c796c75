// `npm run bench [name …]`: runs the benchmarks named, or all. Figures are of this machine at this moment; the ratios, taken
// in one run, are what can be compared.
import { cpus, totalmem } from 'node:os'
import { agent } from './agent.ts'
import { batch } from './batch.ts'
import { compare } from './compare.ts'
import { containers } from './containers.ts'
import { fanout } from './fanout.ts'
import { formats } from './formats.ts'
import { idle } from './idle.ts'
import { ingest } from './ingest.ts'
import { latency } from './latency.ts'
import { logger } from './logger.ts'
import { pythonLogger } from './python-logger.ts'
import { loggerDelivery } from './logger-delivery.ts'
import { store } from './store.ts'
import { generator } from './store/check-entropy.ts'
import { tail } from './tail.ts'
import { throughput } from './throughput.ts'

const benchmarks: Record<string, () => void | Promise<void>> = {
  agent,
  batch,
  formats,
  latency,
  throughput,
  fanout,
  idle,
  tail,
  ingest,
  generator,
  store,
  compare,
  logger,
  'python-logger': pythonLogger,
  'logger-delivery': loggerDelivery,
  containers,
}
const names = process.argv.slice(2)
const unknown = names.find((name) => !(name in benchmarks))
if (unknown !== undefined) {
  console.error(`bench: no benchmark "${unknown}"; there are ${Object.keys(benchmarks).join(', ')}`)
  process.exit(2)
}
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 1e9)} GB`)
for (const [name, run] of Object.entries(benchmarks)) if (names.length === 0 || names.includes(name)) await run()
