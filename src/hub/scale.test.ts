// How long it holds what people say of the number of instances.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openScale, type Scale } from './scale.ts'

const process = (name: string, instances?: number) => ({
  type: 'process',
  name,
  options: { command: 'x', env: {}, ...(instances === undefined ? {} : { instances }) },
})

/** Of a hub whose configuration says so; what is kept outlives it. */
function open(kept: Map<string, unknown>, instances: number): Scale {
  const keep = (key: string, value: unknown): void =>
    void (value === undefined ? kept.delete(key) : kept.set(key, value))
  return openScale([process('db'), process('web', instances), process('page')], { keep, kept: (key) => kept.get(key) })
}
const names = ({ sources }: Scale): string => sources.map(({ name }) => name).join(' ')

test('it holds under the next hub, until it is forgotten or the configuration says something new', () => {
  const kept = new Map<string, unknown>()
  const first = open(kept, 2)
  assert.equal(names(first), 'db web-1 web-2 page')
  assert.deepEqual(
    first.set('web', 3).map(({ name }) => name),
    ['web-1', 'web-2', 'web-3'],
  )
  assert.equal(names(open(kept, 2)), 'db web-1 web-2 web-3 page')
  assert.equal(names(open(kept, 1)), 'db web-1 page')
  open(kept, 2).forget()
  assert.equal(names(open(kept, 2)), 'db web-1 web-2 page')
})

test('what runs only once, and what is not there, cannot be scaled', () => {
  const scale = open(new Map(), 2)
  assert.throws(() => scale.set('db', 2), { code: 'not-controllable', message: 'db runs only once' })
  assert.throws(() => scale.set('wbe', 2), /there is no process "wbe" with instances; did you mean "web"\?/)
})
