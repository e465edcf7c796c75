// For applications that nobody changes: `node --import logboom-logger/register app.js`. Records of pino, winston and bunyan, what the console is
// given, and errors that end the process reach the application's logger. Under a hub each comes once, as JSON on standard output: lines that are JSON
// there already stay as they are. Without, output stays as it is, and file and hub get the records.
import { isMainThread } from 'node:worker_threads'
import { followBunyan } from './adapters/follow-bunyan.ts'
import { followPino, tellOldPino } from './adapters/follow-pino.ts'
import { followWinston } from './adapters/follow-winston.ts'
import { openIntakeLater } from './adapters/open-intake.ts'
import { patchLibraries } from './adapters/patch-libraries.ts'
import { recordCrashes } from './adapters/record-crashes.ts'
import { captureConsole } from './capture-console.ts'
import { isSupervised } from './standard-output.ts'

const supervised = isSupervised()
const standardOutput = 1
const ownOutput = { console: supervised }
const take = openIntakeLater(ownOutput)

// Threads of an application print through its main thread; preloads run in all of them.
if (isMainThread) {
  followPino(take, (descriptor) => supervised && descriptor === standardOutput)
  patchLibraries([
    { file: '/winston/lib/winston.js', patch: followWinston(take, () => supervised) },
    { file: '/bunyan/lib/bunyan.js', patch: followBunyan(take, () => supervised) },
    { file: '/pino/pino.js', patch: tellOldPino },
  ])
  recordCrashes(take)
  captureConsole({ ...ownOutput, keepOutput: !supervised })
}
