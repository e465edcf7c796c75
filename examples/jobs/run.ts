// `npm run example jobs`: a hub that reads containers, and a job runner that starts some. EXAMPLE_IMAGE names an image with a shell.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { openRunner, type Work } from './runner.ts'

const image = process.env['EXAMPLE_IMAGE'] ?? 'busybox'
const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')
const state = mkdtempSync(path.join(tmpdir(), 'jobs-example-'))

const works: Work[] = [
  { name: 'import', owner: 'mia', script: 'for i in 1 2 3 4 5; do echo "row $i of 5"; sleep 0.2; done' },
  { name: 'import', owner: 'ben', script: 'echo "row 1 of 2"; echo "row 2 is broken" >&2; exit 3' },
  {
    name: 'report',
    owner: 'mia',
    script: 'echo "{\\"level\\":\\"warn\\",\\"msg\\":\\"no orders today\\"}"; echo done',
  },
]

if (spawnSync('docker', ['version'], { stdio: 'ignore' }).status !== 0) {
  console.error('This example needs Docker: the command docker, and an engine that answers to it.')
  process.exit(2)
}
const hub = spawn(process.execPath, [bin, 'up', '--docker', '--no-attach', '--port', '0', '--state', state], {
  cwd: state,
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  const runner = openRunner({ hub: await addressOf(hub.stdout), image })
  const codes = await Promise.all(works.map(runner.run))
  works.forEach(({ name, owner }, i) => console.log(`${name} of ${owner} ended with code ${codes[i]}`))
  await settled()
  for (const words of [['jobs'], ['logs', 'kind:system', 'source:import', 'OR', 'source:report']])
    spawnSync(process.execPath, [bin, ...words, '--state', state], { stdio: 'inherit' })
} finally {
  hub.kill('SIGINT')
}

/** The dashboard's, from what the hub says as it begins. */
async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const address = /Dashboard +(http:\S+)/.exec(line)?.[1]
    if (address !== undefined) {
      output.resume()
      return address
    }
  }
  throw new Error('the hub did not start')
}

/** Docker's command may know of an end before the hub does. */
async function settled(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const { stdout } = spawnSync(process.execPath, [bin, 'jobs', '--json', '--state', state], { encoding: 'utf8' })
    if (!/PENDING|RUNNING/.test(stdout)) return
  }
}
