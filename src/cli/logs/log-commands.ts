// The commands that read the log, with their options and help.
import { type Command, Option } from 'commander'
import { maxContext, maxRanking } from '../../contracts/request.ts'
import { adderOf, countBetween, example, parseCount, place, select } from '../command-parts.ts'

const listLimit = 20

export function addLogCommands(program: Command): void {
  addLogsCommand(program)
  addSummaryCommands(program)
  addRecordCommands(program)
  addMergeCommand(program)
}

function addLogsCommand(program: Command): void {
  const command = adderOf(program)

  select(place(command('logs', 'print logs of all sources, sorted by time')))
    .option('-f, --follow', 'go on with what comes')
    .option('-n, --lines <number>', 'the last so many by time (100; all of them with --since)', parseCount)
    .option('-a, --all', 'from the beginning')
    .option('--ids', 'the id of each record in front, as logboom context takes it')
    .option('--json', 'one record per line, for machines')
    .option('--utc', 'times in UTC')
    .option('--no-color', 'plain text; NO_COLOR does the same')
    .addHelpText(
      'after',
      example([
        ['logboom logs', 'the last 100 lines'],
        ['logboom logs -f -s api,worker', 'follow two sources'],
        ["logboom logs --since 15m 'level:error -health'", 'a query; see docs/query.md'],
      ]) +
        '\nThe last so many (-n) are exactly the last by time, however late they were captured. Everything (-a, --since\n' +
        'without -n) is printed as it is read: a record that was captured more than 5,000 records late comes late.\n',
    )
    .action(async (words: string[], options) => (await import('./logs.ts')).logs(words, options))
}

/** Commands that count records. */
function addSummaryCommands(program: Command): void {
  const command = adderOf(program)

  select(place(command('count', 'count records, also by level, source or any field')))
    .option('-b, --by <field>', 'how many of each value: source, level, logger, stream, kind, run, user.id …')
    .option('-n, --limit <number>', 'so many values, the most frequent first', countBetween(1, maxRanking), listLimit)
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      example([
        ['logboom count level:error --since 1h', 'a number'],
        ['logboom count --by source', 'which process is loud'],
        ['logboom count --by user.id -n 5 timeout', 'whom it hits most'],
      ]),
    )
    .action(async (words: string[], options) => (await import('./count.ts')).count(words, options))

  select(place(command('histogram', 'show how many records there were when')))
    .option('--utc', 'times in UTC')
    .option('--json', 'for machines')
    .option('--no-color', 'plain text; NO_COLOR does the same')
    .addHelpText(
      'after',
      example([
        ['logboom histogram --since 6h', 'all of them'],
        ['logboom histogram level:error', 'since when it goes wrong'],
      ]),
    )
    .action(async (words: string[], options) => (await import('./histogram.ts')).histogram(words, options))

  select(place(command('templates', 'list what is said most often, whatever the numbers and names in it')))
    .option(
      '-n, --limit <number>',
      'so many, the most frequent first; before each the id of its newest record',
      countBetween(1, maxRanking),
      listLimit,
    )
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      example([
        ["logboom templates 'level>=warning'", 'which troubles there are'],
        ['logboom templates -s api --since 10m', 'what api is doing'],
      ]),
    )
    .action(async (words: string[], options) => (await import('./templates.ts')).templates(words, options))
}

/** Commands that take records out of the log. */
function addRecordCommands(program: Command): void {
  const command = adderOf(program)

  place(command('context', 'print what came before and after a record'))
    .argument('<id>', 'of the record, as logboom logs --ids prints it', parseCount)
    .option('-B, --before <number>', 'so many records before it (20)', countBetween(0, maxContext))
    .option('-A, --after <number>', 'so many after it (20)', countBetween(0, maxContext))
    .addOption(
      new Option('--scope <scope>', 'of its source, of this run of its source, or of all sources')
        .choices(['source', 'run', 'all'])
        .default('source'),
    )
    .option('--json', 'one record per line, for machines')
    .option('--utc', 'times in UTC')
    .option('--no-color', 'plain text; NO_COLOR does the same')
    .addHelpText(
      'after',
      example([
        ['logboom context 4711', 'twenty lines on each side, of the same source'],
        ['logboom context 4711 -A 0 --scope all', 'what all were doing before it'],
      ]),
    )
    .action(async (id: number, options) => (await import('./context.ts')).context(id, options))

  select(place(command('export', 'write any number of records to a file, or to standard output')))
    .addOption(
      new Option('--format <format>', 'by default what the name of the file ends with, else ndjson').choices([
        'ndjson',
        'text',
        'csv',
      ]),
    )
    .option('-o, --output <file>', 'instead of standard output')
    .addOption(new Option('--order <order>', 'oldest or newest first').choices(['oldest', 'newest']).default('oldest'))
    .option('-n, --limit <number>', 'at most so many', parseCount)
    .option('--utc', 'times in text in UTC')
    .addHelpText(
      'after',
      example([
        ['logboom export -o all.ndjson', 'everything, with all that is known of each record'],
        ['logboom export level:error --since 1d -o errors.csv', 'for a spreadsheet'],
        ['logboom export --format text | less', 'for people'],
      ]),
    )
    .action(async (words: string[], options) => (await import('./export.ts')).exportLog(words, options))
}

/** The command that does without a hub. */
function addMergeCommand(program: Command): void {
  adderOf(program)('merge', 'print log files of any kind as one, in the order of time; needs no hub')
    .argument('<files...>', 'log files, or directories of such; .gz and .zst, too; pipes, and - for standard input')
    .option('-q, --query <query>', 'only entries that match, such as level:error; see docs/query.md')
    .option('--since <time>', '15m, 2h, 05:47, 2025-10-19T05:47')
    .option('--until <time>', 'likewise')
    .option('-f, --follow', 'go on with what comes')
    .option('-r, --recursive', 'look in directories within directories, too')
    .option('--timezone <zone>', 'of times that name no zone: Europe/Berlin, UTC, +02:00 (the one of this machine)')
    .option('--raw', 'entries as they stand in their files')
    .option('--json', 'one record per line, for machines')
    .option('--utc', 'times in UTC')
    .option('--no-color', 'plain text; NO_COLOR does the same')
    .addHelpText(
      'after',
      example([
        ['logboom merge host.log worker.log', 'what both did, in order'],
        ["logboom merge /var/log/nginx logs --since 1h -q 'level>=error'", 'errors of an hour, of whole directories'],
        ['logboom merge --follow logs', 'like tail -f of all files in it'],
      ]) +
        '\nEntries are sorted, not lines: a line that says no time stays behind the one before it. Of the hour that comes\n' +
        'twice when summer time ends the lines before tell which one is meant.\n',
    )
    .action(async (files: string[], options) => (await import('../merge/merge.ts')).merge(files, options))
}
