// The commands that run and control a hub and its sources, with their options and help.
import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { levelExamples, parseSeverity, severityName, type SeverityName } from '../../contracts/record.ts'
import { maxInstances } from '../../contracts/source.ts'
import { adderOf, countBetween, example, place } from '../command-parts.ts'

/** Commands that start something. */
export function addRunCommands(program: Command): void {
  const command = adderOf(program)

  place(command('up', 'run everything, serve the dashboard; Ctrl-C stops everything'))
    .argument('[names...]', "only these (also 'web-*', @group); the others can be started later")
    .option('--follow', 'show all output here, coloured by source')
    .option('-d, --detach', 'go on in the background')
    .option('--docker', 'read the containers of this machine, too; needs no configuration')
    .addOption(new Option('--no-attach', 'fail when a hub is running already').hideHelp())
    .option('--port <number>', 'of the dashboard, 0 for any free one (7420 or the next)', parsePort)
    .option('--host <address>', 'of the dashboard (127.0.0.1); others than loopback need users')
    .option('--tls-cert <file>', 'certificate (PEM, with its chain): serve https')
    .option('--tls-key <file>', 'and its key')
    .option('--no-store', 'keep nothing on disk but log files')
    .addOption(levelOption())
    .option('--debug', 'the same as --level debug')
    .addHelpText(
      'after',
      example([
        ['logboom up', 'runs until Ctrl-C'],
        ['logboom up api worker', 'starts only these two'],
        ['logboom up -d', 'in the background; logboom down stops it'],
      ]),
    )
    .action(async (names: string[], options) => (await import('./up.ts')).up(names, options))

  command('run', 'run one command, show its output here and in the dashboard')
    .usage('[options] -- COMMAND [arguments]')
    .argument('<command...>', 'the command and its arguments, after --')
    .option('--name <name>', 'of the source; by default what the command is called')
    .addOption(
      new Option('--restart <policy>', 'after it exited').choices(['always', 'on-failure', 'never']).default('never'),
    )
    .option('--port <number>', 'of the dashboard, 0 for any free one (7420 or the next)', parsePort)
    .option('--state <directory>', 'where logs and state are kept (.logboom here)')
    .option('--no-store', 'keep nothing on disk but log files')
    .addOption(levelOption())
    .option('--debug', 'the same as --level debug')
    .passThroughOptions()
    .addHelpText(
      'after',
      example([
        ['logboom run -- npm run dev', 'exits with the exit code of the command'],
        ['logboom run --name web --restart always -- node server.js', ''],
      ]),
    )
    .action(async (words: string[], options) => (await import('./run.ts')).run(words, options))

  place(command('pipe', 'make what is piped into it a source: CMD | logboom pipe --name NAME'))
    .requiredOption('--name <name>', 'of the source')
    .option('--tee', 'show it here, too, unchanged')
    .addHelpText(
      'after',
      `
  Needs no hub: what comes is written to a file, which the hub reads, now or when there is one.
${example([
  ['make 2>&1 | logboom pipe --name build --tee', 'in the dashboard and here'],
  ['ssh host journalctl -f | logboom pipe --name host', ''],
])}`,
    )
    .action(async (options) => (await import('./pipe.ts')).pipe(options))
}

/** Commands for what runs. */
export function addControlCommands(program: Command): void {
  const command = adderOf(program)

  place(command('ps', 'list what runs'))
    .option('--tree', 'with all processes of each, what they use, and who escaped from its group')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      example([
        ['logboom ps', ''],
        ['logboom ps --tree', 'takes half a second, in which it is seen what they use'],
      ]),
    )
    .action(async (options) => (await import('./ps.ts')).ps(options))

  for (const action of ['start', 'stop', 'restart'] as const) {
    place(command(action, `${action} processes: by name, pattern or @group`))
      .argument('[names...]', "as logboom ps lists them; 'web-*' for all that match, @backend for a group")
      .option('--all', 'all processes')
      .addHelpText(
        'after',
        example([
          [`logboom ${action} api worker`, 'these two'],
          [`logboom ${action} 'web-*' @backend`, 'in the order in which they wait for each other'],
        ]),
      )
      .action(async (names: string[], options) => (await import('./control.ts')).control(action, names, options))
  }

  place(command('scale', 'change how many instances of a process run'))
    .argument('<name>', 'of a process that has `instances` in the configuration')
    .argument('<instances>', 'how many', countBetween(1, maxInstances))
    .addHelpText(
      'after',
      `
  Those that run go on; of too many the highest are stopped. It holds until the hub is stopped.
${example([['logboom scale web 4', 'web-1 to web-4']])}`,
    )
    .action(async (name: string, instances: number, options) =>
      (await import('./control.ts')).scale(name, instances, options),
    )

  place(command('level', 'show, or change while the hub runs, which levels are shown and captured'))
    .argument('[name]', 'of a source; without one, all are listed')
    .argument('[level]', `the least severe: ${levelExamples}; or default, which takes it back`)
    .option('--all', 'of all sources without a level of their own')
    .option('--captured', 'the level of what is kept, instead of what consoles, cards and streams show')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      `
  What is below the captured level is not kept anywhere; how many lines that are is counted. It holds until it is taken back.
${example([
  ['logboom level', 'a table'],
  ['logboom level api debug', 'show more of it'],
  ['logboom level --all warning', 'show less of all others'],
  ['logboom level worker info --captured', 'keep less of it'],
])}`,
    )
    .action(async (name: string | undefined, level: string | undefined, options) =>
      (await import('./level.ts')).level(name, level, options),
    )

  place(command('service', 'list the services that are switched off, or switch one'))
    .argument('[name]', "as people call it: 'Voice Loop'")
    .addArgument(new Argument('[state]', 'on or off').choices(['on', 'off']))
    .option('--captured', 'whether its lines are kept, instead of shown on consoles, cards and streams')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      example([
        ["logboom service 'Voice Loop' off", 'until it is switched on again'],
        ["logboom service 'Voice Loop' off --captured", 'its lines are not kept, but counted'],
      ]),
    )
    .action(async (name: string | undefined, state: 'on' | 'off' | undefined, options) =>
      (await import('./level.ts')).service(name, state, options),
    )

  place(command('down', 'stop everything, also what a hub left behind that was killed'))
    .option('--keep', 'stop only the hub; the next one takes the processes over')
    .action(async (options) => (await import('./down.ts')).down(options))
}

/** Commands that need no hub: a configuration, this machine. */
export function addSetupCommands(program: Command): void {
  const command = adderOf(program)

  command('init', 'propose a configuration from what is here: package.json, Procfile, compose file, units, logs')
    .argument('[units...]', 'systemd units (*.service) that lie elsewhere')
    .option('--directory <directory>', 'instead of this one')
    .addOption(new Option('--format <format>', 'of the file').choices(['ts', 'yaml']).default('ts'))
    .option('--force', 'replace the one that is there')
    .option('--print', 'only show it')
    .option('--systemd', 'write the unit by which systemd runs the hub of the configuration here')
    .option('--agent', 'with --systemd: of an agent')
    .option('--user', 'with --systemd: of your own manager, not of the system')
    .option('--run-as <user>', 'with --systemd: whose processes they are (who owns the directory)')
    .option('--to <directory>', "with --systemd: where the unit is written (systemd's own place)")
    .addHelpText(
      'after',
      example([
        ['logboom init --print', 'look first'],
        ['logboom init /etc/systemd/system/api.service', 'with this unit, too'],
        ['sudo logboom init --systemd', 'logboom.service; says what to do next'],
      ]),
    )
    .action(async (units: string[], options) => {
      if (options.systemd) return (await import('../service/init-units.ts')).initUnits(options)
      return (await import('./init.ts')).init(units, options)
    })

  place(command('check', 'check the configuration and print what would run'))
    .option('--json', 'for machines')
    .action(async (options) => (await import('./check.ts')).check(options))

  place(command('doctor', 'check this machine: what Logboom needs, and what to do where it is missing'))
    .option('--json', 'for machines')
    .action(async (options) => (await import('../doctor/doctor.ts')).doctor(options))
}

function levelOption(): Option {
  return new Option('--level <level>', `the least severe to show here: ${levelExamples}`).argParser(
    (text): SeverityName => {
      const severity = parseSeverity(text)
      if (severity === undefined) throw new InvalidArgumentError(`Levels are ${levelExamples}.`)
      return severityName(severity)
    },
  )
}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return Number(text)
}
