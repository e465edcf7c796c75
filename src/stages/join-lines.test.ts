// Which lines are one record, as programs print them; and that nothing is lost or moved by joining.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { splitLines } from '../tail/split-lines.ts'
import { joinLines, type JoinLinesOptions } from './join-lines.ts'

function joined(text: string, options: Partial<JoinLinesOptions> = {}, mayHold = false) {
  const bytes = Buffer.from(text)
  const lines = { text: bytes, ...splitLines(bytes, bytes.length) }
  const { start, end, held } = joinLines.open(joinLines.options(z).parse(options)).join!(lines, mayHold)
  return { rows: Array.from(start, (from, i) => bytes.toString('utf8', from, end[i])), held }
}

const traces: Record<string, string> = {
  Python: `Traceback (most recent call last):
  File "app.py", line 3, in <module>
    main()
    ~~~~^^
ValueError: no`,
  'Python, chained': `Traceback (most recent call last):
  File "app.py", line 3, in f
KeyError: 'a'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "app.py", line 5, in <module>
app.errors.Refused`,
  'Python, a group': `  + Exception Group Traceback (most recent call last):
  |   File "app.py", line 3, in <module>
  | ExceptionGroup: two (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | ValueError: one
    +------------------------------------`,
  'Python, logged': `2025-10-19 05:55:47,606 ERROR app: failed
Traceback (most recent call last):
  File "app.py", line 3, in f
ValueError: no`,
  Node: `TypeError: x is not a function
    at main (/app/index.js:3:9)
    at async node:internal/main:1:1`,
  'Node, with more about it': `Error: refused
    at main (/app/index.js:3:9) {
  code: 'ECONNREFUSED',
  [cause]: Error: closed
      at open (/app/db.js:1:1)
}`,
  'Node, caught by nobody': `/app/index.js:3
throw new Error('no')
^

Error: no
    at Object.<anonymous> (/app/index.js:3:7)

Node.js v24.1.0`,
  Java: `Exception in thread "main" java.lang.IllegalStateException: closed
\tat com.example.Db.open(Db.java:12)
\tat com.example.Main.main(Main.java:3)
Caused by: java.io.IOException: refused
\tat com.example.Net.connect(Net.java:7)
\t... 2 more`,
  'Java, logged': `2025-10-19 05:55:47.606 ERROR 12 --- [main] c.e.Main : failed
java.lang.IllegalStateException: closed
\tat com.example.Db.open(Db.java:12)`,
  '.NET': `System.InvalidOperationException: closed
   at Shop.Db.Open() in /app/Db.cs:line 12
   --- End of stack trace from previous location ---
   at Shop.Program.Main()`,
  Go: `panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
main.load(0xc000012345)
\t/app/main.go:12 +0x1d
main.main()
\t/app/main.go:5 +0x20
exit status 2`,
  'Go, with a signal': `panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x1]

goroutine 7 [running]:
main.(*Server).serve(...)
\t/app/server.go:31
created by main.main in goroutine 1
\t/app/main.go:9 +0x5`,
  Rust: `thread 'main' panicked at src/main.rs:2:5:
index out of bounds: the len is 3 but the index is 5
stack backtrace:
   0: rust_begin_unwind
             at /rustc/library/std/src/panicking.rs:652:5
note: Some details are omitted, run with \`RUST_BACKTRACE=full\` for a verbose backtrace.`,
  Ruby: `app.rb:3:in 'open': refused (RuntimeError)
\tfrom app.rb:9:in '<main>'`,
  PHP: `PHP Fatal error:  Uncaught Exception: no in /app/index.php:3
Stack trace:
#0 /app/index.php(9): open()
#1 {main}
  thrown in /app/index.php on line 3`,
  Elixir: `** (RuntimeError) no
    app.exs:3: App.open/0
    (elixir 1.17.0) lib/code.ex:1491: Code.require_file/2`,
}

/** Where a log line precedes the trace it is a record of its own only when the trace has a head of its own. */
for (const [name, text] of Object.entries(traces))
  test(`a trace is one record: ${name}`, () => {
    const { rows, held } = joined(`before\n${text}\nafter\n`)
    assert.equal(held, 0)
    assert.equal(rows[0], 'before')
    assert.equal(rows.at(-1), 'after')
    const logged = name.endsWith('logged')
    assert.deepEqual(
      rows.slice(1, -1),
      logged ? [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)] : [text],
    )
  })

test('what only looks a little like a trace stays as it is', () => {
  const lines = [
    'Listening on:',
    '  http://localhost:3000',
    '  from here on',
    'path',
    '/usr/lib/file:12',
    'next',
    'panic room is ready',
    '}',
    '  {',
    '',
    '',
    'goroutines: 7',
    'file:///tmp/x',
    'thread pool',
  ].filter((line) => line !== '  from here on')
  assert.deepEqual(joined(`${lines.join('\n')}\n`).rows, lines)
})

test('a trace that may go on is given back, wherever it is cut, and is one record in the end', () => {
  for (const [name, text] of Object.entries(traces)) {
    if (name.endsWith('logged')) continue
    const cuts = text.split('\n').length
    for (let cut = 2; cut < cuts; cut++) {
      const part = text.split('\n').slice(0, cut).join('\n')
      const { rows, held } = joined(`before\n${part}\n`, {}, true)
      assert.deepEqual([rows, held], [['before'], cut], `${name}, ${cut} lines`)
    }
  }
  assert.equal(joined('TypeError: x is not a function\n', {}, true).held, 1)
  assert.equal(joined('ready\n', {}, true).held, 0, 'nobody waits for ordinary lines')
})

test('by indentation and by how an entry starts', () => {
  const text = 'one\n  a\n\tb\ntwo\n\nthree\n'
  assert.deepEqual(joined(text, { indented: true }).rows, ['one\n  a\n\tb', 'two', '', 'three'])
  const dated = '2025-10-19 a\nb\n\n2025-10-20 c\nd\n'
  assert.deepEqual(joined(dated, { start: String.raw`^\d{4}-` }).rows, ['2025-10-19 a\nb\n', '2025-10-20 c\nd'])
  assert.equal(joined(dated, { start: String.raw`^\d{4}-` }, true).held, 2)
  assert.deepEqual(joined('Error: x\n    at a\n', { traces: false }).rows, ['Error: x', '    at a'])
})

test('a record has a thousand lines at the most, and what is too many is not waited for', () => {
  const { rows, held } = joined(`Error: x\n${'    at a\n'.repeat(2500)}`, {}, true)
  const lengths = rows.map((row) => row.split('\n').length)
  assert.deepEqual([lengths, held], [[1000, 1000], 501])
})

test('whatever the bytes are, rows are the lines in their order', () => {
  const pieces = [
    '',
    ' ',
    '\t',
    '    at x',
    'Traceback (most recent call last):',
    'panic: ',
    '}',
    'Error',
    '\r',
    '^',
    'a:1',
    '/a:1',
    '\u{1f4a5}',
  ]
  let seed = 7
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: next(12) }, () => `${pieces[next(pieces.length)]!}\n`).join('')
    const { rows, held } = joined(text, { indented: round % 2 === 0 }, round % 3 === 0)
    const lines = text.split('\n').slice(0, -1)
    const kept = lines.slice(0, lines.length - held).map((line) => line.replace(/\r$/, ''))
    assert.deepEqual(rows.join('\n').replaceAll('\r', ''), kept.join('\n').replaceAll('\r', ''))
  }
})
