// Which parts of a command are masked, as words and as a line for the shell, and that nothing else changes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskCommandLine, maskWords } from './mask-command.ts'

/** In `«»`: what must be masked. */
const commands: string[][] = [
  ['node', 'server.js', '--password=«hunter2»', '--port=80'],
  ['node', 'server.js', '--token', '«-abc_d»', '--verbose', '-u', '--secret', '-v'],
  ['app', '--db-password', '«hunter2»', '-DapiKey=«a b, c»', 'x'],
  ['app', '-token', '«hunter2»', '--api_key=«it\'s "quoted"; & all»'],
  ['env', 'FOO_SECRET=«hunter2»', 'PGPASSWORD=«a b»', 'PATH=/bin', 'psql', 'postgres://u:«p»@h/db'],
  ['curl', '-u', 'me:«hunter2»', 'https://h/x?a=1&token=«abc»&b=2'],
  ['curl', '-ume:«hunter2»', '-H', 'Authorization: Bearer «abc»', '--user=me:«x:y»'],
  ['mysql', '-uroot', '-p«hunter2»', 'shop'],
  ['mysql', '-p', 'shop'],
  ['sshpass', '-p', '«hunter2»', 'ssh', '-p', '22', 'h'].slice(0, 4),
  ['/usr/bin/redis-cli', '-a', '«hunter2»', 'ping'],
  ['docker', 'login', '-u', 'me', '-p', '«hunter2»', 'r.example'],
  ['docker', 'run', '-p', '80:80', '-u', '1000:1000', '-e', 'API_TOKEN=«x»', 'image'],
  ['sh', '-c', 'export A_PASSWORD=«x»; exec app --secret «y» > out'],
  ['app', '{"password":"«hunter2»","n":1}'],
  ['app', '--password-file=/run/x', '--token-limit', '5', '--max-tokens=100', '--bypass=1', 'PWD=/home/me'],
  ['git', 'clone', `https://ghp_«${'a1B2'.repeat(9)}»@h/r`],
  ['app', '--password', '--verbose', 'x'],
  ['app', '--password=', '--token', ''],
]

const marked = (words: readonly string[]): string[] => words.map((word) => word.replace(/«[^»]*»/g, '***'))
const given = (words: readonly string[]): string[] => words.map((word) => word.replace(/[«»]/g, ''))

for (const words of commands)
  test(`words: ${given(words).join(' ')}`, () => {
    assert.deepEqual(maskWords(given(words)), marked(words))
    assert.deepEqual(maskWords(marked(words)), marked(words), 'and again changes nothing')
  })

test('a line for the shell keeps its form', () => {
  const lines: [line: string, masked: string][] = [
    ['A_TOKEN=x node app.js --password "hun ter2" && echo \'done\'', "A_TOKEN=*** node app.js --password *** && echo 'done'"],
    ["app --secret='a b' \"$HOME/x\" | tee out; app --token abc", 'app --secret=*** "$HOME/x" | tee out; app --token ***'],
    ['curl "https://h/?token=abc&x=1" https://h/?token=abc&', "curl 'https://h/?token=***&x=1' https://h/?token=***&"],
    ["sh -c 'mysql -phunter2 -e \"select 1\"'", "sh -c 'mysql -p*** -e \"select 1\"'"],
    ['node server.js --port 80 "quo ted" \\$x', 'node server.js --port 80 "quo ted" \\$x'],
    ['nginx: worker process', 'nginx: worker process'],
    ['app --password=hun\\ ter2 \'unclosed', "app --password=*** 'unclosed"],
  ] // oxfmt-ignore
  for (const [line, masked] of lines) assert.equal(maskCommandLine(line), masked)
})

test('any line is taken in time in proportion to its length', { timeout: 60_000 }, () => {
  for (const piece of ['"', "'", '\\', '-p ', 'a=', '--password ', 'x"\'', '-c "'])
    assert.ok(maskCommandLine(piece.repeat(100_000 / piece.length)).length > 0)
})
