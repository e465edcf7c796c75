// Builds the dashboard when there is none, or when one of its sources is newer, so that `npm start` and `npm test`
// need no second command and lose no time when nothing changed.
import path from 'node:path'
import { build } from 'vite'
import { isStale } from './is-stale.ts'

const sources = ['dashboard/**/*', 'src/{client,contracts,json,text,wire}/**/*', 'package-lock.json']

if (isStale('dist/dashboard/index.html', sources)) {
  console.log('Building the dashboard …')
  await build({ root: path.resolve(import.meta.dirname, '../dashboard'), logLevel: 'warn' })
}
