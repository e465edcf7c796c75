// Access logs beyond the customary: what clients send, what is missing, what is cut.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordOf } from './stages-harness.ts'

const head = '10.0.0.1 - - [19/Oct/2025:05:55:47 +0000] '

test('severity is that of the status', () => {
  const severityOf = (status: number) => recordOf(`${head}"GET / HTTP/1.1" ${status} 1`).severity
  assert.deepEqual([101, 200, 304, 399, 400, 404, 499, 500, 503].map(severityOf), [9, 9, 9, 9, 13, 13, 13, 17, 17])
})

test('what is no request stays a message without method and path', () => {
  for (const request of ['', '-', String.raw`\x16\x03\x01`, 'GET /a b HTTP/1.1', String.raw`GET /\"x HTTP/1.1`]) {
    const { message, fields } = recordOf(`${head}"${request}" 400 0 "-" "-"`)
    assert.equal(message, `"${request}" 400 0`)
    assert.deepEqual(fields, {
      'client.address': '10.0.0.1',
      'http.response.status_code': 400,
      'http.response.body.size': 0,
    })
  }
})

test('quotes in agents, letters beyond ASCII, a carriage return', () => {
  const { message, fields } = recordOf(`${head}"GET /ü?q=ö HTTP/1.1" 200 5 "-" "a \\"b\\" é"\r`)
  assert.equal(message, '"GET /ü?q=ö HTTP/1.1" 200 5')
  assert.equal(fields!['url.path'], '/ü')
  assert.equal(fields!['url.query'], 'q=ö')
  assert.equal(fields!['user_agent.original'], 'a \\"b\\" é')
})

test('what no field holds stays in the message', () => {
  for (const more of [' 0.003', ' "-" "curl" 0.003 "10.0.0.2"', ' "only a referer"', ' "-" "cut off']) {
    const rest = `"GET / HTTP/1.1" 200 5${more}`
    assert.equal(recordOf(head + rest).message, rest)
  }
  const long = `"GET /${'x'.repeat(20_000)} HTTP/1.1" 200 5`
  assert.equal(recordOf(head + long).message, head + long)
  const agent = `"GET / HTTP/1.1" 404 5 "-" "${'x'.repeat(20_000)}"`
  const cut = recordOf(head + agent)
  assert.deepEqual([cut.message, cut.severity], [agent, 13])
})

test('what only looks so is text', () => {
  const lines = [
    '10.0.0.1 - - [19/Foo/2025:05:55:47 +0000] "GET / HTTP/1.1" 200 5',
    '10.0.0.1 - - [19/Oct/2125:05:55:47 +0000] "GET / HTTP/1.1" 200 5',
    `${head}"GET / HTTP/1.1" ok 5`,
    `${head}GET / 200 5`,
    '10.0.0.1 - - [19/Oct/2025:05:55:47 +0000]',
  ]
  for (const line of lines) assert.equal(recordOf(line).message, line)
})
