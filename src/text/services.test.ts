import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleServiceNames, serviceName } from './services.ts'

test('a service is the logger up to its first dot, else the source, by the map or in title case', () => {
  const named = (source: string, logger?: string): string => serviceName({ source, logger }, exampleServiceNames)
  assert.equal(named('hub', 'gpt_service.stream'), 'AI Assistant')
  assert.equal(named('eye_light_controller'), 'Eye Lights')
  assert.equal(named('hub', 'voice_loop.vad'), 'Voice Loop')
  assert.equal(named('game-control.main'), 'Game Control Main')
  assert.equal(named('hub', '.x'), 'Hub')
  assert.equal(serviceName({ source: 'constructor' }), 'Constructor')
  assert.equal(named('___'), '___')
})
