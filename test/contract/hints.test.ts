// Hints point to what is there: files and sections of the docs, commands and their options. Read from the text of the code, so
// that a new hint is among them as soon as it is written.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Command } from 'commander'
import { createProgram } from '../../src/cli/program.ts'

const root = join(import.meta.dirname, '../..')
const files = globSync('{src,dashboard/src}/**/*.{ts,tsx}', { cwd: root }).filter((file) => !/\.test\.tsx?$/.test(file))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
/** Without comments, which are no hints. */
const sources = files.map((file) => ({ file, text: read(file).replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '') }))

function anchorsOf(document: string): string[] {
  return [...document.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )
}

test('every file of the docs that is named, and every section, is there, and comes with the package', () => {
  const { files: packed } = JSON.parse(read('package.json')) as { files: string[] }
  let count = 0
  for (const { file, text } of sources)
    for (const [whole, path, , anchor] of text.matchAll(/\b(docs\/[\w./-]*\w|README\.md)(#([\w-]+))?/g)) {
      count++
      assert.ok(existsSync(join(root, path!)), `${file}: ${whole}`)
      assert.ok(path === 'README.md' || packed.includes('docs/*.md'), `${file}: ${whole} is not in the package`)
      if (anchor) assert.ok(anchorsOf(read(path!)).includes(anchor), `${file}: ${whole}`)
    }
  assert.ok(count >= 5)
})

test('every section that the docs point to is there', () => {
  for (const page of ['README.md', ...globSync('docs/*.md', { cwd: root })]) {
    const text = read(page)
    for (const [whole, path, anchor] of text.matchAll(/\]\((?!https?:)([\w./-]*)(?:#([\w-]+))?\)/g)) {
      const target = path ? join(page, '..', path) : page
      assert.ok(existsSync(join(root, target)), `${page}: ${whole}`)
      if (anchor && target.endsWith('.md')) assert.ok(anchorsOf(read(target)).includes(anchor), `${page}: ${whole}`)
    }
  }
})

test('every command that is named is one, with the options that stand behind it', () => {
  const program = createProgram()
  const find = (command: Command, name: string): Command | undefined =>
    command.commands.find((each) => each.name() === name)
  let count = 0
  for (const { file, text } of sources)
    for (const [whole, word, rest = ''] of text.matchAll(/(?<![.\w/-])logboom ([a-z]+)\b([^\n`'"]*)/g)) {
      const command = find(program, word!)
      if (!command) {
        assert.match(whole, notCommands, `${file}: ${whole}`)
        continue
      }
      count++
      const own = find(command, /^ ([a-z]+)\b/.exec(rest)?.[1] ?? '') ?? command
      for (const [option] of rest.split(/ -- |; /, 1)[0]!.matchAll(/(?<= )--?[a-z][a-z-]*/g))
        assert.ok(
          option === '--help' || own.options.some(({ long, short }) => option === long || option === short),
          `${file}: ${whole}: ${option}`,
        )
    }
  assert.ok(count > 50, `${count}`)
})

/** Sentences about Logboom that go on in small letters. */
const notCommands = /^logboom (again|is)\b/
