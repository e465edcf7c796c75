// `npm run house`: the figures of the code's structure, with the places that stand behind them. `-- --all` lists every place.
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { folderLimit, functionLimit, measureHouse } from './house/measure-house.ts'

const root = path.resolve(import.meta.dirname, '..')
const most = process.argv.includes('--all') ? Infinity : 12
const tree = new Map(
  globSync('{src,logger/src,dashboard/src}/**/*.{ts,tsx}', { cwd: root }).map((file) => [
    file.replaceAll(path.sep, '/'),
    readFileSync(path.join(root, file), 'utf8'),
  ]),
)
const figures = measureHouse(tree)

function list(title: string, places: readonly string[]): void {
  console.log(`\n${title}: ${places.length}`)
  for (const place of places.slice(0, most)) console.log(`  ${place}`)
  if (places.length > most) console.log(`  … and ${places.length - most} more: npm run house -- --all`)
}

console.log(`${figures.files} files, ${figures.codeLines} lines of code without comments, blank lines and tests`)
console.log(`import depth ${figures.depthWithTypes.length} with types, ${figures.depthByValue.length} by value`)
console.log(`  with types: ${figures.depthWithTypes.join(' → ')}`)
console.log(`  by value: ${figures.depthByValue.join(' → ')}`)
list(
  `Functions over ${functionLimit} lines`,
  figures.longFunctions.map(({ place, name, lines }) => `${lines} ${place} ${name}`),
)
list(
  'Circles of imports, types included',
  figures.circles.map((files) => `${files.length}: ${files.join(' ')}`),
)
list(
  'Circles by value',
  figures.circlesByValue.map((files) => `${files.length}: ${files.join(' ')}`),
)
list('Loose files in src', figures.looseFiles)
list(
  `Folders with more than ${folderLimit} files`,
  figures.fullFolders.map(({ folder, files }) => `${files} ${folder}`),
)
const share = ((figures.riddles.length / figures.comments) * 100).toFixed(1)
list(
  `Comments that open with a pronoun or a relative clause (${share} % of ${figures.comments})`,
  figures.riddles.map(({ place, text }) => `${place} ${text.slice(0, 90)}`),
)
