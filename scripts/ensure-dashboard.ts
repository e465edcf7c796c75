// Builds the dashboard when there is none, or when one of its sources is newer, so that `npm start` and `npm test`
// need no second command and lose no time when nothing changed.
import { globSync, statSync } from 'node:fs'
import path from 'node:path'
import { build } from 'vite'

const root = path.resolve(import.meta.dirname, '..')
const built = path.join(root, 'dist/dashboard/index.html')
const sources = ['dashboard/**/*', 'src/{client,contracts,json,text,wire}/**/*', 'package-lock.json']

/** Unix milliseconds, 0 when it is not there. */
function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

const isTest = (file: string): boolean => file.endsWith('.test.ts')
const files = globSync(sources, { cwd: root, exclude: ['**/node_modules/**'] }).filter((file) => !isTest(file))
const newest = Math.max(...files.map((file) => changedAt(path.join(root, file))))

if (newest > changedAt(built)) {
  console.log('Building the dashboard …')
  await build({ root: path.join(root, 'dashboard'), logLevel: 'warn' })
}
