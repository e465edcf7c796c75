import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Container } from './containers/container.ts'
import type { ContainerSource } from './containers/container-source.ts'
import { openContainerRegister } from './container-register.ts'

/** A source whose containers leave when they are told to. */
function openSource(): ContainerSource & { leave(id: string): void } {
  const gone = new Map<string, () => void>()
  return {
    status: () => assert.fail(),
    close: () => Promise.resolve(),
    ids: () => [...gone.keys()],
    take(id) {
      const left = Promise.withResolvers<void>()
      gone.set(id, left.resolve)
      return { id, gone: left.promise } as unknown as Container
    },
    leave(id) {
      gone.get(id)!()
      gone.delete(id)
    },
  }
}

test('a source is opened once for all containers of its name, and let go some time after the last of them', async () => {
  const opened: string[] = []
  const released: string[] = []
  const source = openSource()
  const register = openContainerRegister(
    {
      bring: (name) => {
        opened.push(name)
        return Promise.resolve(source as never)
      },
      release: (name) => {
        released.push(name)
        return Promise.resolve()
      },
    },
    {
      open: () => assert.fail(),
      openJob: () => Promise.resolve(undefined),
      taken: () => assert.fail(),
      changed: () => undefined,
    },
    20,
  )
  await Promise.all(['a1', 'a2', 'a1'].map((Id) => register.take({ Id, Names: ['/web'] }, 'old')))
  assert.deepEqual([opened, register.all().length], [['web'], 2])
  source.leave('a1')
  await sleep(60)
  assert.deepEqual([released, register.find('a1'), register.find('a2')?.id], [[], undefined, 'a2'])
  source.leave('a2')
  await sleep(60)
  assert.deepEqual(released, ['web'])
  await register.take({ Id: 'a3', Names: ['/web'] }, 'new')
  assert.deepEqual(opened, ['web', 'web'])
})

test('what an earlier source of a name has left to be done does not close the one that is there now', async () => {
  const released: string[] = []
  const opened: ReturnType<typeof openSource>[] = []
  const register = openContainerRegister(
    {
      bring: () => {
        const source = openSource()
        opened.push(source)
        return Promise.resolve(source as never)
      },
      release: (name) => {
        released.push(name)
        return Promise.resolve()
      },
    },
    {
      open: () => assert.fail(),
      openJob: () => Promise.resolve(undefined),
      taken: () => assert.fail(),
      changed: () => undefined,
    },
    60,
  )
  const take = (Id: string): Promise<void> => register.take({ Id, Names: ['/web'] }, 'new')
  await take('a1')
  opened[0]!.leave('a1')
  await sleep(40)
  await take('a2')
  opened[0]!.leave('a2')
  await sleep(200)
  assert.deepEqual(released, ['web'])
  await take('a3')
  await sleep(200)
  assert.deepEqual([released, register.find('a3')?.id, opened.length], [['web'], 'a3', 2])
})
