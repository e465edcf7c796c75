// Containers that are jobs: what they print is what their orchestrator, and its users, find as the job's log.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireTool } from '../../../scripts/ensure-system.ts'
import { startHub, until, type HubProcess } from '../../hub-process.ts'
import { openDaemon, type Daemon } from './open-daemon.ts'

interface StoredLine {
  output: string
  error: string | null
}

describe('containers that are jobs', requireTool('dockerd', 'docker', 'busybox'), () => {
  let daemon: Daemon
  let hub: HubProcess
  before(async () => {
    daemon = await openDaemon()
    hub = await startHub({ docker: { engine: { host: daemon.socket } } })
  })
  after(async () => {
    await hub?.close()
    await daemon?.close()
  })

  async function linesOf(jobId: string): Promise<StoredLine[]> {
    const answer = await fetch(`${hub.url}/api/internal/jobs/${jobId}/logs`)
    return ((await answer.json()) as { logs?: StoredLine[] }).logs ?? []
  }

  const jobOf = async (jobId: string) => (await hub.client.runs({ job: jobId })).runs[0]

  test('a job that its orchestrator has registered, over kills of the hub', async () => {
    const job = { jobId: 'j-1', eventId: 'e-1', userId: 'mia', orchestratorId: 'runner', name: 'import' }
    const headers = { 'Content-Type': 'application/json' }
    const body = JSON.stringify(job)
    const registered = await fetch(`${hub.url}/api/internal/jobs`, { method: 'POST', headers, body })
    assert.ok(registered.ok, await registered.text())
    const script = 'i=0; while [ $i -lt 150 ]; do i=$((i+1)); echo line $i; sleep 0.02; done; echo bad >&2; exit 3'
    await daemon.run('import-1', script, '--label=logboom.job=j-1')
    await until('first lines', async () => (await linesOf('j-1')).length > 10)
    for (let i = 0; i < 2; i++) {
      await hub.kill()
      await sleep(200)
      await hub.start()
      await sleep(300)
    }
    await until('its end', async () => (await jobOf('j-1'))?.status === 'FAILED')
    const lines = await linesOf('j-1')
    const printed = lines.filter(({ output }) => output.startsWith('line'))
    assert.deepEqual(
      printed.map(({ output }) => output),
      Array.from({ length: 150 }, (_, i) => `line ${i + 1}`),
    )
    assert.deepEqual(
      lines.filter(({ error }) => error !== null).map(({ error }) => error),
      ['bad'],
    )
    const ended = await jobOf('j-1')
    assert.deepEqual([ended!.exitCode, ended!.job!.userId, ended!.source], [3, 'mia', 'import'])
    assert.ok(!(await hub.client.sources()).some(({ name }) => name === 'import-1'), 'it is no source of its own')
  })

  test('a job that nobody has registered is registered, with its owner', async () => {
    // One that lives for a moment only may be gone before its job is registered and its log asked for.
    await daemon.run('report', 'echo done; sleep 0.5', '--label=logboom.job=j-2', '--label=logboom.owner=ben', '--rm')
    await until('its end', async () => (await jobOf('j-2'))?.status === 'COMPLETED')
    const job = await jobOf('j-2')
    assert.deepEqual([job!.job!.userId, job!.exitCode], ['ben', 0])
    assert.ok((await linesOf('j-2')).some(({ output }) => output === 'done'))
  })
})
