// Passwords: argon2id, off the event loop, and few at once, since each takes 19 MB and all of a core.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { LogboomError } from '../contracts/errors.ts'
import { openTurns } from '../live/turns.ts'

const cost = { memory: 19_456, passes: 2, parallelism: 1 }
const tagBytes = 32
const atOnce = 2
/** More than these wait in vain: each takes about 50 ms. */
const mostWaiting = 20
const leastCharacters = 8
const mostBytes = 1024

const turns = openTurns(atOnce)
/** Compared with when there is no such user, so that the answer takes as long. */
const noPassword = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** Throws `request-invalid` for a password that is too short or too long. */
export function checkPassword(password: string): void {
  const fault =
    password.length < leastCharacters
      ? `shorter than ${leastCharacters} characters`
      : Buffer.byteLength(password) > mostBytes
        ? `longer than ${mostBytes} bytes`
        : undefined
  if (fault) throw new LogboomError('request-invalid', `The password is ${fault}.`, { hint: 'Choose another one.' })
}

/** In the customary form: `$argon2id$v=19$m=…,t=…,p=…$SALT$HASH`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const tag = await derive(password, salt, cost, tagBytes)
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${asText(salt)}$${asText(tag)}`
}

/** Takes as long where there is no password. Throws `too-many`. */
export async function verifyPassword(hash: string | undefined, password: string): Promise<boolean> {
  const [, , , parameters = '', salt = '', tag = ''] = (hash ?? noPassword).split('$')
  const [memory = 0, passes = 0, parallelism = 0] = parameters.split(',').map((part) => Number(part.slice(2)))
  const wanted = Buffer.from(tag, 'base64')
  const given = password.slice(0, mostBytes)
  const found = await derive(given, Buffer.from(salt, 'base64'), { memory, passes, parallelism }, wanted.length)
  return timingSafeEqual(found, wanted) && hash !== undefined
}

async function derive(password: string, nonce: Buffer, parameters: typeof cost, tagLength: number): Promise<Buffer> {
  if (turns.waiting() >= mostWaiting) throw new LogboomError('too-many', 'Too many sign in at this moment.')
  const end = await turns.take(AbortSignal.timeout(60_000))
  try {
    return await new Promise((resolve, reject) => {
      argon2('argon2id', { message: password, nonce, ...parameters, tagLength }, (error, key) =>
        error ? reject(error) : resolve(key),
      )
    })
  } finally {
    end()
  }
}

const asText = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
