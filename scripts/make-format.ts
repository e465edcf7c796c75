// Makes the store that stands for the present version of the format, once, when a version is released:
// `node scripts/make-format.ts`. It refuses to replace one, because what was released must open as it is for ever.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { formatVersion } from '../src/stores/local/names.ts'
import { makeOriginal } from '../test/system/store/damage.ts'

const folder = path.resolve(import.meta.dirname, '../test/system/store/formats', String(formatVersion))
if (existsSync(folder)) {
  console.error(`${folder} is there already. A format that changes is a new version: raise formatVersion in names.ts.`)
  process.exit(1)
}
const { files, records } = await makeOriginal(1)
mkdirSync(path.join(folder, 'store'), { recursive: true })
for (const [name, bytes] of files) writeFileSync(path.join(folder, 'store', path.basename(name)), bytes)
writeFileSync(path.join(folder, 'records.ndjson'), records.map((record) => `${JSON.stringify(record)}\n`).join(''))
console.log(`${folder}: ${files.size} files, ${records.length} records`)
