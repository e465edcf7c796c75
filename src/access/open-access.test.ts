import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { test } from 'node:test'
import { emptyAccess, type AccessFile } from './access-file.ts'
import { seesRun } from '../query/match/sees-run.ts'
import { openAccess, type Access } from './open-access.ts'

let clock = 1_000_000

function memoryFile(): AccessFile {
  let data = emptyAccess()
  return { read: () => structuredClone(data), save: (next) => void (data = structuredClone(next)) }
}

const open = (file: AccessFile = memoryFile()): Access => openAccess({ file, now: () => clock })
const password = 'correct horse'
const peer = '10.0.0.1'
const cookieOf = (access: Access, session: string) => ({ cookie: `a=b; ${access.cookieName}=${session}` })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

test('without users everybody is let in, with one only who signs in, by password or once by link', async () => {
  const access = open()
  assert.equal(access.identify({})?.kind, 'local')
  assert.equal((await access.addUser({ name: 'mia' }, password)).role, 'admin', 'the first is an admin')
  assert.equal((await access.addUser({ name: 'ben' })).role, 'viewer')
  assert.equal(access.identify({}), undefined)
  assert.equal(access.identify(bearer('nonsense')), undefined)
  assert.equal(access.identify(bearer(access.localKey))?.kind, 'local')

  const refused = { code: 'sign-in-refused' }
  await assert.rejects(access.signIn({ name: 'mia', password: 'wrong horse' }, peer), refused)
  await assert.rejects(access.signIn({ name: 'nobody', password }, peer), refused)
  await assert.rejects(access.signIn({ name: 'ben', password: '' }, peer), refused, 'no password is none that fits')
  await assert.rejects(access.signIn({ name: 'ben' }, peer), refused)
  const { session } = await access.signIn({ name: 'mia', password }, peer)
  assert.equal(access.identify(cookieOf(access, session))?.name, 'mia')
  assert.equal(access.identify({ ...cookieOf(access, session), ...bearer('x') }), undefined, 'a bearer counts alone')

  const link = access.addLink('ben')
  const signedIn = await access.signIn({ link }, peer)
  assert.equal(access.identify(cookieOf(access, signedIn.session))?.name, 'ben')
  await assert.rejects(access.signIn({ link }, peer), refused, 'once')
  const late = access.addLink('ben')
  clock += 3_600_000
  await assert.rejects(access.signIn({ link: late }, peer), refused, 'not for ever')
})

test('sessions and users live on in the next hub; what is kept of secrets is no secret', async () => {
  const file = memoryFile()
  const access = open(file)
  await access.addUser({ name: 'mia' }, password)
  const { token } = access.addToken({ name: 'agent', actions: ['send'] })
  const { session } = await access.signIn({ name: 'mia', password }, peer)
  const next = open(file)
  assert.equal(next.identify(cookieOf(next, session))?.name, 'mia')
  assert.equal(next.identify(bearer(token))?.name, 'agent')
  const text = JSON.stringify(file.read())
  for (const secret of [password, session, token]) assert.ok(!text.includes(secret))
  assert.match(text, /\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})

test('whoever watches is told at once when the rights of its caller change or end', async () => {
  const access = open()
  const told: string[] = []
  access.watch(access.identify({})!, () => told.push('anybody'))
  await access.addUser({ name: 'mia' }, password)
  assert.deepEqual(told.splice(0), ['anybody'])

  access.watch(access.identify(bearer(access.localKey))!, () => told.push('local'))
  await access.addUser({ name: 'ben', sources: ['web'] }, password)
  const { token } = access.addToken({ name: 'reader', actions: ['read'] })
  const one = await access.signIn({ name: 'ben', password }, peer)
  const two = await access.signIn({ name: 'ben', password }, peer)
  const watch = (name: string, headers: IncomingHttpHeaders): unknown =>
    access.watch(access.identify(headers)!, () => told.push(name))
  watch('one', cookieOf(access, one.session))
  watch('two', cookieOf(access, two.session))
  watch('token', bearer(token))

  await access.changeUser({ name: 'mia', role: 'admin' })
  assert.deepEqual(told.splice(0), [], 'of others')
  access.signOut(cookieOf(access, one.session), false)
  assert.deepEqual(told.splice(0), ['one'])
  await access.changeUser({ name: 'ben', sources: ['web', 'api'] })
  assert.deepEqual(told.splice(0), ['two'])
  watch('two', cookieOf(access, two.session))
  access.revokeToken('reader')
  assert.deepEqual(told.splice(0), ['token'])
  const three = await access.signIn({ name: 'ben', password }, peer)
  watch('three', cookieOf(access, three.session))
  const link = access.addLink('ben')
  access.signOut(cookieOf(access, three.session), true)
  await assert.rejects(access.signIn({ link }, peer), { code: 'sign-in-refused' }, 'a link that waits, too')
  assert.deepEqual(told.splice(0), ['two', 'three'], 'everywhere')
  const four = await access.signIn({ name: 'ben', password }, peer)
  watch('four', cookieOf(access, four.session))
  await access.changeUser({ name: 'ben' }, 'another horse')
  assert.deepEqual(told.splice(0), ['four'], 'a new password ends sessions')
  access.removeUser('ben')
  assert.deepEqual(told, [])
  access.close()
})

test('a user changes the own password with the old one; other sessions and links end, the own goes on', async () => {
  const access = open()
  await access.addUser({ name: 'mia' }, password)
  const own = cookieOf(access, (await access.signIn({ name: 'mia', password }, peer)).session)
  const other = cookieOf(access, (await access.signIn({ name: 'mia', password }, peer)).session)
  const link = access.addLink('mia')
  const told: string[] = []
  for (const [name, headers] of Object.entries({ own, other }))
    access.watch(access.identify(headers)!, () => told.push(name))
  const change = (old: string | undefined, next: string, headers: IncomingHttpHeaders = own): Promise<void> =>
    access.changeOwnPassword(headers, { password: old, newPassword: next }, peer)
  await assert.rejects(change('wrong horse', 'another horse'), { code: 'sign-in-refused' })
  await assert.rejects(change(undefined, 'another horse'), { code: 'sign-in-refused' })
  await assert.rejects(change(password, 'short'), { code: 'request-invalid' })
  const { token } = access.addToken({ name: 'agent', actions: ['administer'] })
  for (const nobody of [{}, bearer(token), bearer(access.localKey), cookieOf(access, 'nonsense')])
    await assert.rejects(change(password, 'another horse', nobody), { code: 'not-allowed' })
  assert.deepEqual([told, access.users()[0]!.sessions], [[], 2])

  await change(password, 'another horse')
  assert.deepEqual([told, access.users()[0]!.sessions], [['other'], 1])
  assert.equal(access.identify(own)?.name, 'mia')
  await assert.rejects(access.signIn({ link }, peer), { code: 'sign-in-refused' })
  await assert.rejects(access.signIn({ name: 'mia', password }, peer), { code: 'sign-in-refused' })
  await access.signIn({ name: 'mia', password: 'another horse' }, peer)
  access.close()
})

test('the old password cannot be guessed, and of two changes at once one counts', async () => {
  const access = open()
  await access.addUser({ name: 'mia' }, password)
  const own = cookieOf(access, (await access.signIn({ name: 'mia', password }, peer)).session)
  const both = await Promise.allSettled(
    ['first horse', 'second horse'].map((newPassword) =>
      access.changeOwnPassword(own, { password, newPassword }, '10.0.4.1'),
    ),
  )
  assert.equal(both.filter(({ status }) => status === 'fulfilled').length, 1)
  const codes: string[] = []
  for (let n = 0; n < 8; n++)
    await access
      .changeOwnPassword(own, { password: 'guessed horse', newPassword: 'my own horse' }, `10.0.4.${n}`)
      .catch(({ code }: { code: string }) => codes.push(code))
  assert.deepEqual([...new Set(codes)], ['sign-in-refused', 'too-often'])
  assert.ok(codes.filter((code) => code === 'sign-in-refused').length <= 5, codes.join())
})

test('a user without a password, who came by a link, sets one', async () => {
  const access = open()
  await access.addUser({ name: 'mia' })
  const own = cookieOf(access, (await access.signIn({ link: access.addLink('mia') }, peer)).session)
  await access.changeOwnPassword(own, { newPassword: password }, peer)
  assert.equal((await access.signIn({ name: 'mia', password }, peer)).name, 'mia')
})

test('an admin ends all sessions of a user, and links that wait', async () => {
  const access = open()
  await access.addUser({ name: 'mia' }, password)
  await access.addUser({ name: 'ben' }, password)
  const sessions = [
    await access.signIn({ name: 'ben', password }, peer),
    await access.signIn({ name: 'mia', password }, peer),
  ]
  const link = access.addLink('ben')
  access.endSessions('ben')
  assert.deepEqual(
    sessions.map(({ session }) => access.identify(cookieOf(access, session))?.name),
    [undefined, 'mia'],
  )
  await assert.rejects(access.signIn({ link }, peer), { code: 'sign-in-refused' })
  assert.throws(() => access.endSessions('nobody'), { code: 'unknown-account' })
})

test('a token that expires ends what it holds, without anybody asking', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const access = open()
  await access.addUser({ name: 'mia' })
  const { token } = access.addToken({ name: 'reader', actions: ['read'], lifetimeMs: 60_000 })
  let ended = 0
  access.watch(access.identify(bearer(token))!, () => ended++)
  clock += 59_000
  t.mock.timers.tick(59_000)
  assert.equal(ended, 0)
  clock += 2000
  t.mock.timers.tick(2000)
  assert.equal(ended, 1)
  assert.equal(access.identify(bearer(token)), undefined)
})

test('runs of own jobs are seen as they come, and no stream ends for it', async () => {
  const access = open()
  await access.addUser({ name: 'mia' })
  await access.addUser({ name: 'ben', sources: [], ownJobs: true })
  let registered: ((job: { userId?: string; source: string; run: number }) => void) | undefined
  access.attachJobs({
    list: () => [{ userId: 'ben', source: 'nightly', run: 1 }] as never,
    onRegister(listener) {
      registered = listener
      return () => {}
    },
  })
  const { session } = await access.signIn({ link: access.addLink('ben') }, peer)
  const ben = access.identify(cookieOf(access, session))!
  let told = 0
  access.watch(ben, () => told++)
  const seen = (): number[] => [1, 2, 3].filter((run) => seesRun(ben.within, { source: 'nightly', run }))
  assert.deepEqual(seen(), [1])
  registered!({ userId: 'ben', source: 'nightly', run: 3 })
  registered!({ userId: 'mia', source: 'nightly', run: 2 })
  assert.deepEqual([seen(), told], [[1, 3], 0])
  assert.ok(ben.mayRead('nightly') && !ben.mayReadAllOf('nightly'))
})

test('failures are few, for a user from many addresses and for an address with many users; the right password is not one', async () => {
  const access = open()
  await access.addUser({ name: 'mia' }, password)
  for (let n = 0; n < 8; n++) await access.signIn({ name: 'mia', password }, '10.0.0.2')
  const attempts = await Promise.allSettled(
    Array.from({ length: 8 }, (_, n) => access.signIn({ name: 'mia', password: 'wrong horse' }, `10.0.1.${n}`)),
  )
  const codes = attempts.map((each) => ((each as PromiseRejectedResult).reason as { code: string }).code)
  assert.deepEqual(codes.sort(), [...Array(5).fill('sign-in-refused'), ...Array(3).fill('too-often')])
  await assert.rejects(access.signIn({ name: 'mia', password }, '10.0.1.99'), { code: 'too-often' })
  let refused = 0
  for (let n = 0; n < 30; n++)
    await access.signIn({ link: `guess-${n}` }, '10.0.2.1').catch((error: { code: string }) => {
      if (error.code === 'too-often') refused++
    })
  assert.equal(refused, 10)
})

test('of many who sign in at once few are heard at a time, and so many wait', async () => {
  const access = open()
  await access.addUser({ name: 'mia' }, password)
  const attempts = await Promise.allSettled(
    Array.from({ length: 40 }, (_, n) => access.signIn({ name: `user-${n}`, password }, `10.0.3.${n}`)),
  )
  const codes = attempts.map((each) => ((each as PromiseRejectedResult).reason as { code: string }).code)
  const count = (code: string): number => codes.filter((each) => each === code).length
  assert.deepEqual([count('sign-in-refused'), count('too-many')], [22, 18])
})

test('an exposed hub does not open when its last user goes', async () => {
  const file = memoryFile()
  await open(file).addUser({ name: 'mia' })
  const access = openAccess({ file, now: () => clock, isExposed: true })
  access.removeUser('mia')
  assert.equal(access.identify({}), undefined)
})

test('names and passwords that cannot be are refused', async () => {
  const access = open()
  await access.addUser({ name: 'mia' })
  await assert.rejects(access.addUser({ name: 'mia' }), { code: 'already-there' })
  for (const name of ['', 'local', 'a b', '../x', '-x', 'x'.repeat(65)])
    await assert.rejects(access.addUser({ name }), { code: 'request-invalid' }, name)
  for (const bad of ['short', 'x'.repeat(2000)])
    await assert.rejects(access.addUser({ name: 'ben' }, bad), { code: 'request-invalid' })
  await assert.rejects(access.addUser({ name: 'ben', sources: ['a b*'] }), { code: 'request-invalid' })
  await assert.rejects(access.changeUser({ name: 'nobody' }), { code: 'unknown-account' })
  assert.throws(() => access.revokeToken('nobody'), { code: 'unknown-account' })
})
