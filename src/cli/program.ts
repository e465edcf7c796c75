// The program with all its commands. The code of a command is loaded when it is used, so that help is instant.
import { type Argument, Command } from 'commander'
import { version } from '../system/version.ts'
import { example } from './command-parts.ts'
import { addAccessCommands } from './access/access-commands.ts'
import { addHostCommands } from './hosts/host-commands.ts'
import { addControlCommands, addRunCommands, addSetupCommands } from './hub/hub-commands.ts'
import { addLogCommands } from './logs/log-commands.ts'
import { addRunListCommands } from './runs/run-list-commands.ts'
import { addStoreCommands } from './store/store-commands.ts'

export function createProgram(): Command {
  const program = new Command('logboom')
    .description('Runs your processes, gathers every line they print, keeps it, and shows it live in a browser.')
    .usage('COMMAND [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help, of a command too: logboom up --help')
    .configureHelp({
      subcommandTerm: (command) => [command.name(), command.registeredArguments.map(argumentTerm)].flat().join(' '),
    })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'logboom: ')) })
    .showHelpAfterError('  Try: logboom --help')
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      example([
        ['logboom up', 'run what logboom.config.ts or the Procfile here names'],
        ['logboom run -- npm run dev', 'run one command, no configuration needed'],
        ['logboom logs -f level:error', 'follow the errors of everything'],
      ]),
    )

  addRunCommands(program)
  addControlCommands(program)
  addLogCommands(program)
  addRunListCommands(program)
  addStoreCommands(program)
  addAccessCommands(program)
  addHostCommands(program)
  addSetupCommands(program)
  return program
}

function argumentTerm(argument: Argument): string {
  const name = argument.variadic ? `${argument.name().toUpperCase()}…` : argument.name().toUpperCase()
  return argument.required ? name : `[${name}]`
}
