// Programs of docs/other-languages.md as they stand there: under a hub, and posting to it with a token.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { requireTool } from '../../scripts/ensure-system.ts'
import { startHub, until } from '../hub-process.ts'

const doc = readFileSync(path.join(import.meta.dirname, '../../docs/other-languages.md'), 'utf8')
/** By the name that the first line of each says. */
const programs = new Map(
  [...doc.matchAll(/^```\w+\n(?:#|\/\/|<!--) ([\w.]+)(?: -->)?\n(.*?)^```$/gms)].map(([, name, text]) => [
    name!,
    text!,
  ]),
)
/** Libraries of Debian's Logback, which is asked for its configuration beside the program. */
const jars = ['logback-classic', 'logback-core', 'slf4j-api'].map((name) => `/usr/share/java/${name}.jar`)

test(
  'programs in other languages say levels, loggers and fields',
  requireTool('ruby', 'java', 'logback'),
  async (t) => {
    assert.deepEqual([...programs.keys()], ['shop.sh', 'post.sh', 'shop.rb', 'post.rb', 'logback.xml', 'Shop.java', 'Post.java']) // oxfmt-ignore
    const directory = mkdtempSync(path.join(tmpdir(), 'logboom-languages-'))
    t.after(() => rmSync(directory, { recursive: true, force: true }))
    for (const [name, text] of programs) writeFileSync(path.join(directory, name), text)
    const run = (...command: string[]): object => ({ command, cwd: directory, restart: 'never' })
    const processes = {
      shell: run('sh', 'shop.sh'),
      ruby: run('ruby', 'shop.rb'),
      java: run('java', '-cp', [...jars, directory].join(':'), 'Shop.java'),
    }
    const hub = await startHub({ processes })
    t.after(() => hub.close())
    const records = async (source: string): Promise<string[]> => {
      const found = await hub.client.search({ query: `source:${source} kind:system`, order: 'oldest' })
      return found.records.map(({ level, logger, message, fields }) =>
        [level, logger ?? '-', message.replaceAll(/\n[^]*/g, ' …'), fields?.['order'] ?? '-'].join(' '),
      )
    }
    const comes = async (source: string, ...expected: string[]): Promise<void> => {
      await until(source, async () => (await records(source)).length >= expected.length, 60_000)
      assert.deepEqual(await records(source), expected)
    }
    await comes('shell', 'WARNING - WARNING stock is low -', 'ERROR shop.orders payment failed 4711')
    await comes('ruby', 'WARNING shop.orders stock is low -', 'ERROR shop.orders payment failed 4711')
    const trace = 'ERROR - java.lang.IllegalStateException: payment failed … -'
    await comes('java', 'WARNING shop.orders stock is low -', 'ERROR shop.orders order 4711 failed -', trace)

    assert.equal((await hub.command('user', 'add', 'mia')).code, 0)
    const { stdout: token } = await hub.command('token', 'add', 'shops', '--may', 'send', '--source', '*-shop')
    const env = { ...process.env, HUB: hub.url, TOKEN: token.trim() }
    for (const [program, ...words] of [
      ['sh', 'post.sh'],
      ['ruby', 'post.rb'],
      ['java', 'Post.java'],
    ] as const)
      // oxfmt-ignore
      execFileSync(program, words, { cwd: directory, env })
    await comes('shell-shop', 'WARNING - WARNING stock is low -', 'ERROR shop.orders payment failed 4711')
    await comes('ruby-shop', 'WARNING - stock is low -', 'ERROR - payment failed 4711')
    await comes('java-shop', 'ERROR shop.orders payment failed 4711')
  },
)
