import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { test } from 'node:test'

test('a configuration that imports logboom loads one file', async () => {
  const loaded: string[] = []
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      loaded.push(specifier)
      return next(specifier, context)
    },
  })
  const { defineConfig } = await import('../index.ts')
  hooks.deregister()
  assert.deepEqual(loaded, ['../index.ts'])
  const config = { processes: { api: { command: 'node api.js' } } }
  assert.equal(defineConfig(config), config)
})
