// The commands that list what has run, with their options and help.
import type { Command } from 'commander'
import { adderOf, countBetween, example, place } from '../command-parts.ts'

const listLimit = 20

export function addRunListCommands(program: Command): void {
  const command = adderOf(program)
  const list = (added: Command): Command =>
    place(added)
      .option('--status <status>', 'only those that are so: running, completed, failed …')
      .option('--session <id>', 'only of this life of the hub; * stands for any characters')
      .option('-n, --limit <number>', 'so many, the newest first', countBetween(1, 200), listLimit)
      .option('--utc', 'times in UTC')
      .option('--json', 'for machines')

  list(command('jobs', 'list jobs of orchestrators and of schedules, newest first'))
    .option('-s, --source <name>', 'only of this name; * stands for any characters')
    .option('--owner <user>', 'only of this user; * stands for any characters')
    .addHelpText(
      'after',
      example([
        ['logboom jobs', 'the last twenty'],
        ['logboom jobs --status failed', ''],
        ['logboom logs job:4711', 'what a job has said'],
      ]),
    )
    .action(async (options) => (await import('./list-runs.ts')).listJobs(options))

  list(command('runs', 'list the runs of all sources, newest first'))
    .argument('[source]', "only of this source; 'web-*' for all that match")
    .addHelpText(
      'after',
      example([
        ['logboom runs api', 'how often, how long, and how it ended'],
        ['logboom logs source:api run:3', 'what the third has said'],
      ]),
    )
    .action(async (source: string | undefined, options) =>
      (await import('./list-runs.ts')).listRuns({ ...options, source }),
    )

  list(command('sessions', 'list the lives of the hub, newest first'))
    .addHelpText('after', example([['logboom logs session:logboom-session-20250608-142530', 'what one has captured']]))
    .action(async (options) => (await import('./list-runs.ts')).listSessions(options))
}
