import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSelection, sourceOf, type ListedContainer, type Selection } from './select-containers.ts'

const nothing: Selection = { containers: [], images: [], labels: [], projects: [], exclude: [] }
const own = 'f'.repeat(64)

function container(name: string, more: Partial<ListedContainer> = {}): ListedContainer {
  return { Id: 'a'.repeat(64), Names: [`/${name}`], Image: 'shop/api:2', Labels: null, ...more }
}

function isWanted(selection: Partial<Selection>, wanted: ListedContainer): boolean {
  return openSelection({ ...nothing, ...selection }, own.slice(0, 12))(wanted)
}

test('without a word all are read but Logboom’s own', () => {
  assert.ok(isWanted({}, container('api')))
  assert.ok(isWanted({}, { Id: 'a'.repeat(64) }))
  assert.ok(!isWanted({}, container('logboom', { Id: own })))
  assert.ok(!isWanted({}, container('logboom', { Id: own, Labels: { 'logboom.enable': 'true' } })))
})

test('each kind of word narrows, and one word of a kind is enough', () => {
  const Labels = { tier: 'web', 'com.docker.compose.project': 'shop' }
  const cases: [Partial<Selection>, boolean][] = [
    [{ containers: ['api', 'db'] }, true],
    [{ containers: ['ap*'] }, true],
    [{ containers: ['ap'] }, false],
    [{ images: ['shop/*'] }, true],
    [{ images: ['shop/api'] }, false],
    [{ labels: ['tier'] }, true],
    [{ labels: ['tier=web'] }, true],
    [{ labels: ['tier=we'] }, false],
    [{ labels: ['none', 'tier=web'] }, true],
    [{ labels: ['constructor'] }, false],
    [{ projects: ['shop'] }, true],
    [{ projects: ['blog'] }, false],
    [{ containers: ['api'], projects: ['blog'] }, false],
    [{ exclude: ['a*'] }, false],
    [{ containers: ['api'], exclude: ['api'] }, false],
  ]
  for (const [selection, expected] of cases)
    assert.equal(isWanted(selection, container('api', { Labels })), expected, JSON.stringify(selection))
  assert.ok(!isWanted({ projects: ['*op'] }, container('api')))
})

test('the label says the last word', () => {
  const labelled = (value: string): ListedContainer => container('api', { Labels: { 'logboom.enable': value } })
  assert.ok(isWanted({ exclude: ['*'] }, labelled('true')))
  assert.ok(isWanted({ containers: ['db'] }, labelled('True')))
  for (const value of ['false', 'FALSE', '0', 'no']) assert.ok(!isWanted({}, labelled(value)), value)
})

test('a source has the name of the label, of the container, or of its id', () => {
  assert.deepEqual(sourceOf(container('api')), { name: 'api' })
  // Other containers may know it by names of their own.
  assert.deepEqual(sourceOf(container('api', { Names: ['/web/api', '/api'] })), { name: 'api' })
  const Labels = { 'logboom.name': 'shop api', 'com.docker.compose.project': 'shop' }
  assert.deepEqual(sourceOf(container('api', { Labels })), { name: 'shop api', group: 'shop' })
  assert.deepEqual(sourceOf(container('api', { Labels: { ...Labels, 'logboom.group': 'all' } })).group, 'all')
  assert.deepEqual(sourceOf(container('api', { Labels: { 'logboom.name': 'a/b\n' } })).name, 'api')
  assert.deepEqual(sourceOf({ Id: 'a'.repeat(64) }), { name: 'a'.repeat(12) })
})

test('names of other hosts, and groups that are none, are not taken from labels', () => {
  assert.deepEqual(sourceOf(container('api', { Labels: { 'logboom.name': 'web-1/api' } })), { name: 'api' })
  assert.deepEqual(sourceOf(container('api', { Labels: { 'logboom.group': 'a\nb' } })), { name: 'api' })
})

test('a container that Compose creates in the place of another has the name of that one', () => {
  const Labels = { 'com.docker.compose.project': 'shop' }
  const created = { Names: ['/0123456789ab_shop-api-1'] }
  assert.deepEqual(sourceOf(container('x', { ...created, Labels })), { name: 'shop-api-1', group: 'shop' })
  assert.deepEqual(sourceOf(container('x', created)), { name: '0123456789ab_shop-api-1' })
})
