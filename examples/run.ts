// `npm run example NAME`: runs a demonstration.
import { readdirSync } from 'node:fs'

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(`${import.meta.dirname}/${entry.name}`).includes('run.ts'))
  .map(({ name }) => name)
const name = process.argv[2] ?? ''
if (names.includes(name)) await import(`./${name}/run.ts`)
else {
  console.error(`There is no example "${name}"; there are ${names.join(', ')}`)
  process.exitCode = 2
}
