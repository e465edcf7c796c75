import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeAppFolder } from './app-harness.ts'

const head = `import { captureConsole } from ${JSON.stringify(import.meta.resolve('./capture-console.ts'))}`
const plain = (text: string): string => text.replaceAll(/^.*?\[\d+\] /gm, '')

test('what the console is given becomes records in place of its output, until it is restored', async (t) => {
  const app = makeAppFolder(t)
  const { stdout, stderr } = await app.run(`${head}
    const restore = captureConsole({ name: 'shop', logDir })
    if (captureConsole() !== restore) throw new Error('a second call did something')
    console.log('%s has %d', 'ann', 3, { a: 1 })
    console.info('info')
    console.debug('debug')
    console.warn('warn')
    console.error(new Error('broken').message)
    restore()
    console.log('as before')`)
  const lines = ['[INFO] ann has 3 { a: 1 }', '[INFO] info', '[DEBUG] debug', '[WARNING] warn', '[ERROR] broken', '']
  assert.equal(plain(app.read('shop.log')), lines.join('\n'))
  assert.equal(plain(stdout), `${lines.join('\n')}as before\n`)
  assert.equal(stderr, '')
})

test('output is kept where that is asked for, and a value that prints itself does not begin anew', async (t) => {
  const app = makeAppFolder(t)
  const { stdout, stderr } = await app.run(`${head}
    import { inspect } from 'node:util'
    captureConsole({ name: 'shop', logDir, keepOutput: true })
    console.log({ [inspect.custom]() { console.log('within'); return 'shown' } })
    console.error('to standard error')
    console.log('before', { [inspect.custom]() { throw new Error('not shown') } }, 'behind')`)
  assert.equal(plain(app.read('shop.log')).split('\n')[0], '[INFO] shown')
  assert.match(plain(app.read('shop.log')), /\[INFO\] before \[cannot be shown: Error: not shown\] behind\n/)
  assert.match(stdout, /^within\nwithin\nshown\n/)
  assert.match(stderr, /to standard error/)
})

test('wrong options are told at once, and not by the first thing that is printed', async (t) => {
  const app = makeAppFolder(t)
  const { stdout } = await app.run(`${head}
    try { captureConsole({ format: 'xml' as 'json' }) } catch (error) { console.log(String(error)) }`)
  assert.match(stdout, /^TypeError: .*format.*\n$/)
})
