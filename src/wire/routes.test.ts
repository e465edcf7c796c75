// The table of routes and what is written of it are the same.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathOf, routes } from './routes.ts'

const docs = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8')

test('every route stands in docs/api.md, and every route there is one', () => {
  const written = [...docs.matchAll(/^\| \[`(.*?)`\]\(#(.*?)\) +\| (.*?) +\|$/gm)]
  assert.deepEqual(
    written.map(([, route, , about]) => `${route}: ${about}`).sort(),
    Object.values(routes)
      .map(({ method, path, about }) => `${method} ${path}: ${about}`)
      .sort(),
  )
  const sections = [...docs.matchAll(/^##+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\w ]/g, '')
      .replaceAll(' ', '-'),
  )
  for (const [, route, section] of written) assert.ok(sections.includes(section!), `${route} leads nowhere`)
})

test('all paths in the examples of docs/api.md are routes', () => {
  const known = Object.values(routes).map(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`))
  const paths = [...docs.matchAll(/\$HUB(\/[^\s"?`]*)/g)].map(([, path]) => path!)
  assert.ok(paths.length > 10)
  for (const path of paths)
    assert.ok(
      known.some((route) => route.test(path)),
      path,
    )
})

test('values in paths are written so that they stay one part of them', () => {
  assert.equal(pathOf('control', { name: 'a/b c', action: 'stop' }), '/api/v1/sources/a%2Fb%20c/stop')
})
