// Builds the logger when there is none, or when one of its sources is newer: examples and tests use it as those do who install it.
import { isStale } from './is-stale.ts'

const sources = [
  'logger/{src/**/*,package.json,tsconfig.build.json}',
  'src/{contracts,json,sinks,text,time,wire}/**/*',
  'scripts/build-logger.ts',
  'package-lock.json',
]

if (isStale('logger/dist/index.js', sources)) await import('./build-logger.ts')
