// A user's own password, changed by the user: the old one shows that it is not somebody who found a page open.
import { LogboomError } from '../contracts/errors.ts'
import type { AccessData } from './access-file.ts'
import { endPasses, type Accounts } from './accounts.ts'
import type { Failures } from './failures.ts'
import { checkPassword, hashPassword, verifyPassword } from './password.ts'

export interface PasswordChange {
  /** The old one; not needed by a user who has none. */
  password?: string | undefined
  newPassword: string
}

interface OwnSession extends Pick<Accounts, 'data' | 'change'> {
  failures: Failures
  /** Hash of the secret of the session that asks. */
  session: string | undefined
}

/** Ends all other sessions. Rejects with `not-allowed` where there is no session. */
export async function changeOwnPassword(
  { data, change, failures, session }: OwnSession,
  { password = '', newPassword }: PasswordChange,
  peer: string,
): Promise<void> {
  const passwordOf = ({ users }: AccessData): string | undefined => users.find((each) => each.name === name)?.password
  const isOpen = ({ sessions }: AccessData): boolean => sessions.some(({ hash }) => hash === session)
  const name = data().sessions.find(({ hash }) => hash === session)?.user
  if (name === undefined)
    throw new LogboomError('not-allowed', 'Only a user who has signed in has a password of their own.')
  checkPassword(newPassword)
  const old = passwordOf(data())
  if (old !== undefined) {
    const forgive = failures.begin(name, peer)
    if (!(await verifyPassword(old, password)))
      throw new LogboomError('sign-in-refused', 'The old password is wrong.', {
        hint: 'Nothing was changed. An admin can set a new one: logboom user grant NAME --password',
      })
    forgive()
  }
  const made = await hashPassword(newPassword)
  change((next) => {
    // Somebody else was quicker.
    if (passwordOf(next) !== old || !isOpen(next))
      throw new LogboomError('sign-in-needed', 'The password was changed, or the session ended, at the same time.')
    for (const user of next.users) if (user.name === name) user.password = made
    endPasses(next, name, session)
  })
}
