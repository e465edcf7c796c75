// A small job runner: registers a job with the hub, runs it in a container that carries the job's name as a label, and waits for its end.
// It never touches a line: the hub reads the container.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'

export interface Work {
  /** Jobs of one name are runs of one source. */
  name: string
  /** Whose job it is: with users in the hub, nobody else sees it. */
  owner: string
  /** For a shell in the container. */
  script: string
}

export interface Runner {
  /** Gives the exit code. */
  run(work: Work): Promise<number>
}

export function openRunner({ hub, image, token }: { hub: string; image: string; token?: string }): Runner {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }

  async function register(jobId: string, { name, owner }: Work): Promise<void> {
    const body = JSON.stringify({ jobId, name, userId: owner, orchestratorId: 'example-runner' })
    const answer = await fetch(`${hub}/api/internal/jobs`, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(`the hub does not take the job: ${await answer.text()}`)
  }

  return {
    async run(work) {
      const jobId = randomUUID()
      await register(jobId, work)
      const label = `--label=logboom.job=${jobId}`
      const words = ['run', '--rm', '--network=none', label, image, 'sh', '-c', work.script]
      const container = spawn('docker', words, { stdio: ['ignore', 'ignore', 'inherit'] })
      const [code] = (await once(container, 'exit')) as [number | null]
      return code ?? -1
    },
  }
}
