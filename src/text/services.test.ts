import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServices } from './services.ts'

const names = { gpt_service: 'AI Assistant', eye_light_controller: 'Eye Lights' }

const cases: [source: string, logger: string | undefined, service: string][] = [
  ['hub', 'gpt_service.stream', 'AI Assistant'],
  ['eye_light_controller', undefined, 'Eye Lights'],
  ['hub', 'voice_loop.vad', 'Voice Loop'],
  ['hub', '\x1b[32mvoice_loop\x1b[0m.vad', 'Voice Loop'],
  ['game-control.main', undefined, 'Game Control Main'],
  ['hub', '.x', 'Hub'],
  ['hub', '', 'Hub'],
  ['constructor', undefined, 'Constructor'],
  ['___', undefined, '___'],
]

test('a service is the logger up to its first dot, else the source, by the map or in title case', () => {
  const { nameOf } = openServices(names)
  // Twice, since names are remembered.
  for (const [source, logger, service] of [...cases, ...cases]) assert.equal(nameOf(source, logger), service)
})

test('names are right however many there are', () => {
  const { nameOf } = openServices()
  for (let n = 0; n < 3000; n++) assert.equal(nameOf('hub', `module_${n}.x`), `Module ${n}`)
  assert.equal(nameOf('hub', 'module_1'), 'Module 1')
})

test('a service is the same on all hosts, unless the map says otherwise', () => {
  const { nameOf } = openServices({ 'web-1/api': 'First API' })
  assert.deepEqual(
    ['web-2/voice_loop', 'web-1/api', 'web-2/api'].map((source) => nameOf(source)),
    ['Voice Loop', 'First API', 'Api'],
  )
})
