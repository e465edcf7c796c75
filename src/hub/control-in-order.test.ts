// The order in which many sources are started and stopped: page → api → db, and one that waits for nobody.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { controlInOrder, type Controlled } from './control-in-order.ts'
import type { ControlAction } from '../contracts/source.ts'

const graph: Record<string, string[]> = { page: ['api'], api: ['db'], db: [], job: [] }

/** What was done, as `+name` when it began and `name` when it was over. */
async function act(
  action: ControlAction,
  names: string[],
  failing?: string,
): Promise<{ steps: string[]; results: Controlled[] }> {
  const steps: string[] = []
  const control = async (name: string, each: ControlAction): Promise<void> => {
    steps.push(`+${each} ${name}`)
    for (let turns = 0; turns < 3; turns++) await turn()
    if (name === failing) throw new Error(`${name} will not`)
    steps.push(`${each} ${name}`)
  }
  const results = await controlInOrder(action, names, { dependenciesOf: (name) => graph[name] ?? [], control })
  return { steps, results }
}

test('a start goes from those who are waited for to those who wait, a stop the other way, and each as soon as it can', async () => {
  const { steps } = await act('start', ['page', 'api', 'db', 'job'])
  assert.deepEqual(steps.slice(0, 2), ['+start db', '+start job'])
  assert.deepEqual(
    steps.filter((step) => !step.includes('job')),
    ['+start db', 'start db', '+start api', 'start api', '+start page', 'start page'],
  )
  const stopped = await act('stop', ['db', 'api', 'page'])
  assert.deepEqual(stopped.steps, ['+stop page', 'stop page', '+stop api', 'stop api', '+stop db', 'stop db'])
})

test('one in between gives the order and is left alone', async () => {
  assert.deepEqual((await act('start', ['page', 'db'])).steps, ['+start db', 'start db', '+start page', 'start page'])
  assert.deepEqual((await act('stop', ['page', 'db'])).steps, ['+stop page', 'stop page', '+stop db', 'stop db'])
})

test('who waits is down before those it waits for are restarted; where nobody waits each is restarted by itself', async () => {
  const { steps } = await act('restart', ['api', 'db'])
  const begun = steps.filter((step) => step.startsWith('+'))
  assert.deepEqual(begun, ['+stop api', '+stop db', '+restart db', '+restart api'])
  assert.equal((await act('restart', ['api', 'job'])).steps.join().includes('stop'), false)
})

test('one that fails is told, is not asked again, and keeps nobody else', async () => {
  const { steps, results } = await act('restart', ['page', 'api', 'db'], 'api')
  assert.equal(steps.filter((step) => step.endsWith(' api')).join(), '+stop api')
  assert.equal(steps.at(-1), 'restart page')
  assert.deepEqual(
    results.map(({ name, error }) => `${name} ${error instanceof Error ? error.message : 'done'}`),
    ['page done', 'api api will not', 'db done'],
  )
})
