// The commands about users and tokens, with their options and help.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { actions, roles } from '../../contracts/caller.ts'
import { kinds } from '../../contracts/record.ts'
import { collectNames, example, place } from '../command-parts.ts'

export function addAccessCommands(program: Command): void {
  addUserCommands(program)
  addTokenCommands(program)
}

function addUserCommands(program: Command): void {
  const user = program
    .command('user')
    .description('who may sign in, and what they may: add, list, grant, remove, sign-out, link')
  const command = (name: string, description: string): Command => place(user.command(name).description(description))
  const granted = (what: Command): Command =>
    what
      .addOption(new Option('--role <role>', 'the first user is an admin, others are viewers').choices(roles))
      .option('-s, --source <names>', 'sees these sources only: api,worker or api*; may be repeated', collectNames)
      .option('--kind <kinds>', `sees these kinds only: ${kinds.join(', ')} (all but audit)`, oneOf(kinds))
      .option('--own-jobs', 'sees the runs of jobs that are registered for this user, too')
      .option('--password-stdin', 'read the password from standard input')

  granted(command('add', 'add a user; the password is asked for'))
    .argument('<name>', 'of the user')
    .addHelpText(
      'after',
      example([
        ['logboom user add mia', 'the first one is an admin'],
        ["logboom user add ben --source 'api*'", 'sees the lines of these sources alone'],
      ]),
    )
    .action(async (name: string, options) => (await import('./user.ts')).addUser(name, options))

  command('list', 'all users and what they see')
    .option('--json', 'for machines')
    .action(async (options) => (await import('./user.ts')).listUsers(options))

  granted(command('grant', 'change what a user may; what is not given stays'))
    .argument('<name>', 'of the user')
    .option('--no-own-jobs', 'no longer')
    .option('--password', 'ask for a new password, which ends the sessions')
    .addHelpText(
      'after',
      example([
        ['logboom user grant ben --source api,web --kind system,event,gap,audit', 'at once, also in open pages'],
        ['logboom user grant ben --role operator', 'may start and stop these sources'],
      ]),
    )
    .action(async (name: string, options) => (await import('./user.ts')).grantUser(name, options))

  command('remove', 'remove a user; sessions and streams end at once')
    .argument('<name>', 'of the user')
    .action(async (name: string, options) => (await import('./user.ts')).removeUser(name, options))

  command('sign-out', 'end all sessions of a user, on all devices')
    .argument('<name>', 'of the user')
    .action(async (name: string, options) => (await import('./user.ts')).signOutUser(name, options))

  command('link', 'a link that signs a user in, once')
    .argument('<name>', 'of the user')
    .action(async (name: string, options) => (await import('./user.ts')).linkUser(name, options))
}

function addTokenCommands(program: Command): void {
  const token = program.command('token').description('what programs show instead of a password: add, list, revoke')
  const command = (name: string, description: string): Command => place(token.command(name).description(description))

  command('add', 'make a token, which is shown once')
    .argument('<name>', 'of the token')
    .option('--may <actions>', actions.join(', '), oneOf(actions))
    .option('--agent <host>', 'for the agent of this host: hands in what its sources say, and reads nothing')
    .option('-s, --source <names>', 'to or from these sources only: api,worker or api*; may be repeated', collectNames)
    .option('--kind <kinds>', `sees these kinds only: ${kinds.join(', ')} (all but audit)`, oneOf(kinds))
    .option('--expires <duration>', '12h, 30d (never)')
    .addHelpText(
      'after',
      example([
        ["logboom token add shop --may send --source 'shop-*'", 'hands in records of these sources'],
        ['logboom token add web-1 --agent web-1', 'for logboom agent --name web-1'],
        ['logboom token add reports --may read --expires 30d', 'reads everything but the audit log'],
      ]),
    )
    .action(async (name: string, options) => (await import('./token.ts')).addToken(name, options))

  command('list', 'all tokens, without their secrets')
    .option('--json', 'for machines')
    .action(async (options) => (await import('./token.ts')).listTokens(options))

  command('revoke', 'end a token; its streams end at once')
    .argument('<name>', 'of the token')
    .action(async (name: string, options) => (await import('./token.ts')).revokeToken(name, options))
}

const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (given: string): Word[] => {
    const wanted = given.split(',').filter(Boolean)
    const wrong = wanted.find((each) => !(words as readonly string[]).includes(each))
    if (wrong !== undefined) throw new InvalidArgumentError(`${wrong} is none of ${words.join(', ')}.`)
    return wanted as Word[]
  }
