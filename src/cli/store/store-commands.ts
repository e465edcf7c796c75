// The commands that look after what is stored, with their options and help.
import type { Command } from 'commander'
import { adderOf, example, place } from '../command-parts.ts'

export function addStoreCommands(program: Command): void {
  place(adderOf(program)('verify', 'prove that every captured line is accounted for, per source and run'))
    .option('--runs', 'a row for each run, also where all is well')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      `\n  captured = stored + removed by retention + dropped by rule + gaps + missing, and missing should be 0.\n` +
        example([
          ['logboom verify', 'beside a running hub or without one; exit code 1 when something is missing'],
          ['logboom verify --json', 'the numbers of every run'],
        ]),
    )
    .action(async (options) => (await import('./verify.ts')).verify(options))

  const store = program.command('store').description('look after what is stored: info, verify, repair, retain, keep')
  const command = (name: string, description: string): Command => place(adderOf(store)(name, description))

  command('info', 'what is stored, how large it is, and what is kept')
    .option('--json', 'for machines')
    .action(async (options) => (await import('./store-info.ts')).storeInfo(options))

  command('verify', 'read every byte and every record, and list what is damaged or missing')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      example([
        [
          'logboom store verify',
          'beside a running hub or without one; changes nothing; exit code 1 when something is wrong',
        ],
      ]),
    )
    .action(async (options) => (await import('./store-verify.ts')).storeVerify(options))

  command('repair', 'write files that are damaged anew, without what cannot be read; while no hub runs')
    .addHelpText(
      'after',
      '\n  What cannot be read is put aside in store/damaged, and gap records tell of it in the place where it was.\n' +
        example([
          ['logboom down --keep', 'the processes go on'],
          ['logboom store repair', 'says what it did'],
        ]),
    )
    .action(async (options) => (await import('./store-repair.ts')).storeRepair(options))

  command('retain', 'remove what is too old or too much: by the configuration, or by these limits alone')
    .option('--age <duration>', 'whole days of records that are older: 12h, 30d')
    .option('--size <size>', 'the oldest until no more is left: 500MB, 10GB')
    .option('--source <pattern>', 'only of these: api*')
    .option('-n, --dry-run', 'only say what would go')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      example([
        ['logboom store retain -n', 'what the configuration would remove now'],
        ['logboom store retain --age 7d --source "debug-*"', 'a week of these is enough'],
        ['logboom store retain --size 1GB', 'make room'],
      ]),
    )
    .action(async (options) => (await import('./store-retain.ts')).storeRetain(options))

  command('keep', 'change how long a running hub keeps records')
    .option(
      '--age <duration>',
      'older records go, whole days of them: 12h, 30d; none: however old; default: as configured',
    )
    .option('--size <size>', 'the oldest go until no more is left: 500MB, 10GB; none; default')
    .option('--source <pattern>', 'only of these: api*')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\n  It holds under the next hubs, too, until the configuration says something new.\n' +
        example([
          ['logboom store keep --age 7d', 'a week'],
          ['logboom store keep --age 1d --source "debug-*"', 'of these a day is enough'],
          ['logboom store keep --age default --size default', 'as the configuration says'],
        ]),
    )
    .action(async (options) => (await import('./store-keep.ts')).storeKeep(options))
}
