import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { LogboomError } from '../../contracts/errors.ts'
import { findEngine, formatEngineAddress, parseEngineAddress, type EngineAddress } from './engine-address.ts'

function folder(t: TestContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'logboom-address-'))
  t.after(() => rmSync(made, { recursive: true }))
  return made
}

test('addresses as people write them', () => {
  const tls = { ca: 'ca.pem' }
  const cases: [string, EngineAddress, string][] = [
    ['/run/docker.sock', { kind: 'unix', path: '/run/docker.sock' }, '/run/docker.sock'],
    ['unix:///run/my docker.sock', { kind: 'unix', path: '/run/my docker.sock' }, '/run/my docker.sock'],
    ['tcp://10.0.0.5', { kind: 'tcp', host: '10.0.0.5', port: 2375 }, 'http://10.0.0.5:2375'],
    ['tcp://[::1]:99', { kind: 'tcp', host: '::1', port: 99 }, 'http://[::1]:99'],
    ['http://engine', { kind: 'tcp', host: 'engine', port: 80 }, 'http://engine:80'],
    ['https://engine', { kind: 'tcp', host: 'engine', port: 443, tls: {} }, 'https://engine:443'],
    ['ssh://host', { kind: 'ssh', destination: 'host' }, 'ssh://host'],
    [
      'ssh://me@host:2222/run/docker.sock',
      { kind: 'ssh', destination: 'me@host', port: '2222', path: '/run/docker.sock' },
      'ssh://me@host:2222/run/docker.sock',
    ],
    ['ssh://me@[::1]', { kind: 'ssh', destination: 'me@::1' }, 'ssh://me@::1'],
    ['ssh://a%20b@host', { kind: 'ssh', destination: 'a b@host' }, 'ssh://a b@host'],
  ]
  for (const [text, address, shown] of cases) {
    assert.deepEqual(parseEngineAddress(text), address, text)
    assert.equal(formatEngineAddress(address), shown)
  }
  assert.deepEqual(parseEngineAddress('tcp://engine', tls), { kind: 'tcp', host: 'engine', port: 2376, tls })
})

test('what is no address is refused with what would be right', () => {
  const wrong = [
    '',
    'docker',
    'unix://',
    'engine:2375',
    'tcp://',
    'tcp://host:99999',
    'fd://',
    'npipe:////./pipe/docker',
    'ssh://',
    'ssh://-oProxyCommand=x',
    'ssh://-oProxyCommand=x@host',
    'ssh://%ff@host',
    'ssh://ho st',
  ]
  for (const text of wrong)
    assert.throws(
      () => parseEngineAddress(text),
      (error) => error instanceof LogboomError && error.code === 'config-invalid' && /ssh:\/\//.test(error.hint ?? ''),
      text,
    )
})

test('the environment names an engine as it does for Docker’s own command', (t) => {
  const DOCKER_CONFIG = folder(t)
  const found = (more: Record<string, string>): EngineAddress =>
    findEngine(undefined, undefined, { DOCKER_CONFIG, ...more })
  assert.deepEqual(found({ DOCKER_HOST: 'tcp://e' }), { kind: 'tcp', host: 'e', port: 2375 })
  const pem = (at: string): object => ({
    ca: path.join(at, 'ca.pem'),
    cert: path.join(at, 'cert.pem'),
    key: path.join(at, 'key.pem'),
  })
  const secure = { kind: 'tcp', host: 'e', port: 2376 }
  assert.deepEqual(found({ DOCKER_HOST: 'tcp://e', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' }), {
    ...secure,
    tls: pem('/certs'),
  })
  assert.deepEqual(found({ DOCKER_HOST: 'tcp://e', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '' }), {
    ...secure,
    tls: pem(DOCKER_CONFIG),
  })
  assert.deepEqual(findEngine('/own.sock', undefined, { DOCKER_HOST: 'tcp://e' }), { kind: 'unix', path: '/own.sock' })
  assert.throws(() => found({ DOCKER_HOST: 'nonsense' }), LogboomError)
})

test('contexts, with their certificates', (t) => {
  const DOCKER_CONFIG = folder(t)
  function context(name: string, host: string, files: string[] = []): string {
    const id = createHash('sha256').update(name).digest('hex')
    const [meta, tls] = ['meta', 'tls'].map((kind) => path.join(DOCKER_CONFIG, 'contexts', kind, id)) as [
      string,
      string,
    ]
    mkdirSync(meta, { recursive: true })
    writeFileSync(path.join(meta, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }))
    if (files.length > 0) mkdirSync(path.join(tls, 'docker'), { recursive: true })
    for (const file of files) writeFileSync(path.join(tls, 'docker', file), 'pem')
    return path.join(tls, 'docker')
  }
  context('far', 'ssh://me@far')
  const certificates = context('safe', 'tcp://safe:2376', ['ca.pem', 'cert.pem', 'key.pem'])
  const found = (more: Record<string, string> = {}): EngineAddress =>
    findEngine(undefined, undefined, { DOCKER_CONFIG, ...more })
  const isUnix = (address: EngineAddress): void => assert.equal(address.kind, 'unix')

  isUnix(found())
  writeFileSync(path.join(DOCKER_CONFIG, 'config.json'), JSON.stringify({ currentContext: 'far' }))
  assert.deepEqual(found(), { kind: 'ssh', destination: 'me@far' })
  assert.deepEqual(found({ DOCKER_CONTEXT: '' }), { kind: 'ssh', destination: 'me@far' })
  isUnix(found({ DOCKER_CONTEXT: 'default' }))
  isUnix(found({ DOCKER_CONTEXT: 'unknown' }))
  assert.deepEqual(found({ DOCKER_CONTEXT: 'safe' }), {
    kind: 'tcp',
    host: 'safe',
    port: 2376,
    tls: {
      ca: path.join(certificates, 'ca.pem'),
      cert: path.join(certificates, 'cert.pem'),
      key: path.join(certificates, 'key.pem'),
    },
  })
  writeFileSync(path.join(DOCKER_CONFIG, 'config.json'), '{ broken')
  isUnix(found())
})
