// A password from whoever types it, unseen, or from standard input; never from the command line, which every user of the machine
// can read.
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { LogboomError } from '../../contracts/errors.ts'

/** Undefined where none is given: neither asked for by flag, nor anybody there to type it. */
export async function readPassword(fromInput: boolean): Promise<string | undefined> {
  if (fromInput) return (await text(process.stdin)).replace(/\r?\n$/, '')
  if (!process.stdin.isTTY) return undefined
  const password = await promptHidden('Password (empty for none): ')
  if (password === '') return undefined
  if ((await promptHidden('Once more: ')) === password) return password
  throw new LogboomError('request-invalid', 'the two passwords differ', { hint: 'Try again.' })
}

async function promptHidden(question: string): Promise<string> {
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const input = createInterface({ input: process.stdin, output: silent, terminal: true })
  input.once('SIGINT', () => process.exit(130))
  try {
    return await input.question('')
  } finally {
    input.close()
    process.stderr.write('\n')
  }
}
