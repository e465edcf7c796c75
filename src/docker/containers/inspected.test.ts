import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  commandOf,
  detailOf,
  fullBytesOf,
  isAlive,
  isRotated,
  stampOf,
  stateOf,
  timeOf,
  type Inspected,
} from './inspected.ts'

function container(
  State: Inspected['State'],
  Type = 'json-file',
  Config: Record<string, string> | null = {},
): Inspected {
  return { Id: 'a', Name: '/a', State, HostConfig: { LogConfig: { Type, Config } }, Config: { Image: 'shop' } }
}

test('states', () => {
  const StartedAt = '2026-11-29T19:23:19.911161510Z'
  const cases: [Inspected['State'], string, boolean][] = [
    [{ Status: 'created', StartedAt: '0001-01-01T00:00:00Z' }, 'stopped', false],
    [{ Running: true, StartedAt }, 'running', true],
    [{ Running: true, Paused: true, StartedAt }, 'running', true],
    [{ Running: true, Restarting: true, StartedAt }, 'restarting', true],
    [{ Running: true, StartedAt, Health: { Status: 'starting' } }, 'starting', true],
    [{ Running: true, StartedAt, Health: { Status: 'healthy' } }, 'ready', true],
    [{ Running: true, StartedAt, Health: { Status: 'unhealthy' } }, 'running', true],
    [{ StartedAt, ExitCode: 0 }, 'exited', false],
    [{ StartedAt, ExitCode: 137 }, 'crashed', false],
  ]
  for (const [State, state, alive] of cases)
    assert.deepEqual(
      [stateOf(container(State), false), isAlive(container(State))],
      [state, alive],
      JSON.stringify(State),
    )
})

test('logs that may lose old lines', () => {
  assert.equal(isRotated(container({})), false)
  assert.equal(isRotated(container({}, 'json-file', { 'max-size': '-1' })), false)
  assert.equal(isRotated(container({}, 'json-file', { 'max-size': '1k' })), true)
  assert.equal(isRotated(container({}, 'local')), true)
  assert.equal(isRotated(container({}, 'journald')), false)
  // As Podman says it where nothing is set.
  assert.equal(isRotated(container({}, 'json-file', null)), false)
  assert.equal(fullBytesOf(container({}, 'json-file', null)), undefined)
})

test('a log is full when all its files but one are, in the engine’s own units', () => {
  const full = (size: string, files?: string): number | undefined =>
    fullBytesOf(container({}, 'json-file', { 'max-size': size, ...(files !== undefined && { 'max-file': files }) }))
  assert.equal(full('10k', '5'), 40_000)
  assert.equal(full('1M', '2'), 1_000_000)
  assert.equal(full('10mb', '2'), 10_000_000)
  assert.equal(full('1.5g', '2'), 1_500_000_000)
  assert.equal(full('500', '3'), 1000)
  assert.equal(full('10 kB', '2'), 10_000)
  assert.equal(full('10k'), undefined)
  assert.equal(full('10k', '1'), undefined)
  assert.equal(full('-1', '5'), undefined)
  assert.equal(full('much', '5'), undefined)
  assert.equal(fullBytesOf(container({}, 'local', { 'max-size': '10k', 'max-file': '3' })), 20_000)
  assert.equal(fullBytesOf(container({}, 'local')), 4 * 20 * 1024 * 1024)
  assert.equal(fullBytesOf(container({}, 'journald', { 'max-size': '10k', 'max-file': '3' })), undefined)
})

test('times, and times that never were', () => {
  assert.equal(stampOf('2026-11-29T19:23:19.5Z'), '1795980199.500000000')
  for (const never of [undefined, '', '0001-01-01T00:00:00Z']) {
    assert.equal(stampOf(never), undefined)
    assert.equal(timeOf(never), undefined)
  }
})

test('words for people', () => {
  assert.equal(commandOf({ Id: 'a', Name: '/a', State: {}, Path: 'sh', Args: ['-c', 'true'] }), 'sh -c true')
  assert.equal(detailOf(container({ Paused: true, Health: { Status: 'none' } })), 'shop, paused')
  assert.match(detailOf(container({}, 'none')), /keeps no lines/)
})

test('a command is shown without its secrets', () => {
  const command = commandOf({
    ...container({}),
    Path: 'redis-server',
    Args: ['--requirepass', 's3cret', '--port', '1'],
  })
  assert.doesNotMatch(command, /s3cret/)
  assert.match(command, /^redis-server --requirepass .* --port 1$/)
})
