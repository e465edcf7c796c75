// What is masked and what is not; in messages and fields, however they come; and that no text can make it slow.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { recordAt, type RecordBatch } from '../contracts/batch.ts'
import { batchOf, storedBatch } from '../query/batch-harness.ts'
import type { LogRecord } from '../contracts/record.ts'
import { tokenPrefixes } from '../secrets/token-shapes.ts'
import { stripAnsi } from '../text/ansi.ts'
import { redact, type RedactOptions } from './redact.ts'

const open = (options: Partial<RedactOptions> = {}, memory?: string) =>
  redact.open(redact.options(z).parse(options), memory)

function rows(batch: RecordBatch): LogRecord[] {
  return Array.from({ length: batch.count }, (_, row) => recordAt(batch, row))
}

const masked = (messages: string[], options?: Partial<RedactOptions>): string[] =>
  rows(open(options).apply(batchOf(messages.map((message) => ({ message }))))).map(({ message }) => message)

/** Which secret it was, it does not tell, nor how long. */
const mask = '***'
/** Tokens are put together here, so that nobody takes this file for a leak. */
const token = (prefix: string, length: number): string => prefix + 'a1B2c3D4e5F6g7H8'.repeat(8).slice(0, length)

/** In `«»`: what must be masked. */
const secrets: string[] = [
  'password=«hunter2»',
  'DB_PASSWORD=«hunter2» next=1',
  'login password: «hunter2», retry',
  'POST /login?user=a&password=«hunter2»&x=1',
  '{"user":"a","password":"«hun\\"ter2»","n":1}',
  '{"password": «12345678»}',
  "{'apiKey': '«abc'd»'}".replace("'d", 'd'),
  'api-key => "«abcdef»"',
  'x-api-key: «abcdef»',
  'clientSecret=`«abc def»`',
  'log {\\"token\\":\\"«abcdef»\\",\\"n\\":1}',
  'Authorization: Bearer «abc.def-ghi»',
  'Authorization: Basic «dXNlcjpwYXNz»',
  'authorization="Bearer «abcdef»"',
  '{"authorization":["Bearer «abc»","«def»"],"n":"x"}',
  'sent bearer «0123456789abcdef0123» to it',
  'Set-Cookie: «session=abc; Path=/; HttpOnly»',
  'postgres://app:«s3cr3t»@db.local:5432/shop',
  'amqp://:«s3cr3t»@mq',
  'passphrase="«пароль»"',
  `using ${'ghp_'}«${token('', 36)}» now`,
  `key ${'AKIA'}«${token('', 16).toUpperCase()}»`,
  `${'xoxb-'}«${token('', 24)}»`,
  `(${'sk-'}«${token('proj-', 30)}»)`,
  `jwt ${'eyJ'}«${token('', 20)}.${token('', 30)}.${token('', 20)}»`,
  `${'AIza'}«${token('', 35)}»`,
  `-----BEGIN RSA PRIVATE KEY-----«${token('', 64)}»-----END RSA PRIVATE KEY-----`,
  `{"key":"-----BEGIN PRIVATE KEY-----«\\n${token('', 64)}\\n»-----END PRIVATE KEY-----\\n"}`,
]

for (const marked of secrets)
  test(`masked: ${marked.replace(/[«»]/g, '')}`, () => {
    const expected = marked.replace(/«(.*?)»/g, (_, secret: string) => (/^\d+$/.test(secret) ? `"${mask}"` : mask))
    const given = marked.replace(/[«»]/g, '')
    assert.deepEqual(masked([given]), [expected])
    assert.deepEqual(masked(masked([given])), [expected], 'and again changes nothing')
  })

const harmless: string[] = [
  'Unexpected token } in JSON',
  'total_tokens: 128, max_tokens=4096',
  '{"usage":{"token":12}}',
  'token: null, password=undefined',
  'if (password == other)',
  'PWD=/home/me',
  'http://localhost:3000/a:b@c',
  'mailto:someone@example.com 12:30:45',
  'the secret of success',
  'secretary: Ann',
  'sk-learn and ghp_short',
  '-----BEGIN CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----MIIB',
  'KIA AKIA eyJ eyJ.a AIza',
  '2025-10-19 05:55:47 INFO done=1',
  'password=',
  'password: ""',
  '',
]
test('wherever they stand, and however tokens begin', () => {
  const body = [1, 2, 3].map(() => token('', 40)).join('.')
  const tokens = tokenPrefixes.map(({ prefix }) => `${prefix}«${/eyJ|SG/.test(prefix) ? body : token('', 40)}»`)
  const dashed = tokens.map((marked) => marked.replace('«', '«-'))
  for (const marked of [...secrets, ...tokens, ...dashed])
    for (let before = 0; before < 4; before++) {
      const given = ' '.repeat(before) + marked.replace(/[«»]/g, '')
      assert.equal(masked([given])[0]!.trimStart(), masked([given.trimStart()])[0])
      assert.notEqual(masked([given])[0], given)
    }
})

for (const text of harmless) test(`left alone: ${text}`, () => assert.deepEqual(masked([text]), [text]))

test('what was masked is counted in the record', () => {
  const [two, none] = rows(open().apply(batchOf([{ message: 'password=a token="b"' }, { message: 'fine' }])))
  assert.deepEqual(two!.fields, { 'logboom.masked': 2 })
  assert.equal(none!.fields, undefined)
})

test('fields are masked, as objects and as JSON', () => {
  const record = {
    message: 'login',
    logger: 'auth',
    fields: { user: 'a', password: 'hunter2', headers: { cookie: 'a=b' }, n: 1 },
  }
  const expected = { user: 'a', password: mask, headers: { cookie: '***' }, n: 1, 'logboom.masked': 2 }
  for (const batch of [batchOf([record, { message: 'x' }]), storedBatch(batchOf([record, { message: 'x' }]))]) {
    const shaped = open().apply(batch)
    for (const each of [shaped, storedBatch(shaped)]) {
      const [first, second] = rows(each)
      assert.deepEqual([first!.logger, first!.fields, second!.fields], ['auth', expected, undefined])
    }
  }
  assert.equal(record.fields.password, 'hunter2', 'what was handed over is not changed')
})

test('the bytes of a line that is not UTF-8 are masked as well', () => {
  const original = Buffer.concat([Buffer.from('password=hunter2 '), Buffer.from([0xff])])
  const fields = { 'logboom.bytes': original.toString('base64') }
  const [record] = rows(open().apply(batchOf([{ message: original.toString(), fields }])))
  assert.equal(
    Buffer.from(String(record!.fields!['logboom.bytes']), 'base64').toString('latin1'),
    `password=${mask} \xff`,
  )
})

test('more names, and names that are harmless', () => {
  const options = { keys: ['ssn', 'card_number'], except: ['csrfToken'] }
  assert.deepEqual(masked(['ssn=123-45-6789 cardNumber=4111 csrf_token=abc token=abc'], options), [
    'ssn=*** cardNumber=4111 csrf_token=abc token=***',
  ])
  assert.throws(() => redact.options(z).parse({ keys: ['a b'] }))
})

const key = [
  '-----BEGIN PRIVATE KEY-----',
  token('', 64),
  token('', 64),
  `${token('', 20)}==`,
  '-----END PRIVATE KEY-----',
]

test('a private key of many lines, wherever batches end and hubs are killed', () => {
  const expected = [key[0], mask, mask, mask, key[4], 'after']
  for (let cut = 1; cut < key.length; cut++) {
    const first = open()
    const lines = [...key, 'after']
    const before = rows(first.apply(batchOf(lines.slice(0, cut).map((message) => ({ message })))))
    const next = open({}, first.memory!())
    const after = rows(next.apply(batchOf(lines.slice(cut).map((message) => ({ message })))))
    assert.deepEqual(
      [...before, ...after].map(({ message }) => message),
      expected,
    )
    assert.equal(next.memory!(), undefined)
  }
})

test('a key that was cut off does not hide what follows', () => {
  assert.deepEqual(masked([key[0]!, key[1]!, 'INFO next line of the log']), [key[0], mask, 'INFO next line of the log'])
})

test('a value that goes on in the next part of a long line', () => {
  const parts = ['x password="hun', 'ter2" y', 'z password=hun', 'ter2 y']
  const own = open()
  const messages = parts.map((message, i) => {
    const fields = { 'logboom.fragment': (i % 2) + 1, ...(i % 2 ? { 'logboom.lastFragment': true } : {}) }
    return rows(own.apply(batchOf([{ message, fields }])))[0]!.message
  })
  assert.deepEqual(messages, ['x password="***', '***" y', 'z password=***', '*** y'])
})

test('whatever the bytes are, fields stay fields, and masking again changes nothing', () => {
  const pieces = [
    ...secrets.map((text) => text.replace(/[«»]/g, '')),
    ...harmless,
    '"',
    '\\',
    "'",
    '[',
    '-----',
    'eyJ',
    '=',
  ]
  let seed = 11
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: next(6) }, () => pieces[next(pieces.length)]!.slice(next(4))).join('')
    const note = [text, { text, more: 1 }]
    const [once] = rows(open().apply(storedBatch(batchOf([{ message: text, fields: { note } }]))))
    const fields = once!.fields as { note: [string, { text: string; more: number }] }
    assert.deepEqual(fields.note, [fields.note[0], { text: fields.note[0], more: 1 }])
    const [again] = masked([once!.message])
    assert.deepEqual(masked([again!]), [again])
  }
})

const sequences = ['\x1b[31m', '\x1b[38;2;1;2;3m', '\x1b[4:3m', '\x1b[m', '\u009b1m', '\x1b]8;;http://a/\x1b\\', '\x1b(B', '\\u001b[1m', '\\x1b[0m'] // oxfmt-ignore

test('colours anywhere, also between the letters of a secret, hide nothing of it from the mask', () => {
  let seed = 5
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
  for (const marked of secrets) {
    const text = marked.replace(/[«»]/g, '')
    if (text.includes('\\')) continue
    const wanted = masked([text])[0]
    for (let round = 0; round < 40; round++) {
      const coloured = Array.from(text, (letter) => (next(4) === 0 ? sequences[next(sequences.length)]! : '') + letter).join('') // oxfmt-ignore
      const [found] = masked([coloured])
      assert.equal(stripAnsi(found!).replace(/\\(?:u00|x)1b\[\d+m/g, ''), wanted, JSON.stringify(coloured))
    }
  }
})

test('the colours around a secret stay, and how many letters of it had their own is not told', () => {
  assert.deepEqual(
    masked([
      "password: \x1b[32m'hunter2'\x1b[0m",
      '\x1b[1mBea\x1b[0mrer 0123456789abcdef0123\x1b[m .',
      `password=${Array.from('hunter2', (letter, i) => `\x1b[3${i}m${letter}\x1b[0m`).join('')} !`,
      'password=\x1b[3hunter2',
      '\x1b]8;;https://me:hunter2@a/\x1b\\link\x1b]8;;\x07',
      '{"msg":"password: \\u001b[32mhunter2\\u001b[0m"}',
    ]),
    [
      "password: \x1b[32m'***'\x1b[0m",
      '\x1b[1mBea\x1b[0mrer ***\x1b[m .',
      'password=\x1b[30m***\x1b[0m\x1b[36m\x1b[0m !',
      'password=***',
      '\x1b]8;;https://me:***@a/\x1b\\link\x1b]8;;\x07',
      '{"msg":"password: \\u001b[32m***\\u001b[0m"}',
    ],
  )
})

/** A way that is not linear would take hours. */
test('hostile text takes no longer than other text', { timeout: 120_000 }, () => {
  const pieces = [
    'eyJ.',
    'eyJaa.',
    '://',
    '://a:',
    'token:',
    'token=[',
    '"password":"',
    '-----BEGIN ',
    'sk-',
    '\\"',
    'a=',
  ]
  for (const piece of pieces) assert.equal(masked([piece.repeat(1_000_000 / piece.length)]).length, 1)
})
