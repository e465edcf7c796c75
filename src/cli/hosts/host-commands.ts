// The commands about other hosts: the agent that runs there, and how they are, with their options and help.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseSize, sizeExamples } from '../../text/amounts.ts'
import { adderOf, example, place } from '../command-parts.ts'

export function addHostCommands(program: Command): void {
  const command = adderOf(program)

  command('agent', 'run the sources of this host and hand all they say to a hub elsewhere')
    .option('--directory <directory>', 'of the configuration, instead of this one')
    .option('--config <file>', 'a certain configuration file')
    .option('--state <directory>', 'where spool and state are kept (.logboom-agent beside the configuration)')
    .option('--hub <url>', 'address of the hub: https://logs.example.org (LOGBOOM_URL)')
    .option('--token <token>', 'that the hub made for this host (LOGBOOM_TOKEN); none for a hub without users')
    .option('--name <host>', 'of this host at the hub: its sources are HOST/NAME there (what the system calls it)')
    .option('--control', 'the hub may start, stop and restart the processes here')
    .option('--spool <size>', `what is kept while the hub is away, ${sizeExamples} (1GiB)`, parseSpool)
    .addOption(
      new Option('--when-full <policy>', 'wait: sources are not read on; or drop the oldest, counted').choices([
        'block',
        'gap',
      ]),
    )
    .option('--insecure', 'plain HTTP to another host, which everybody on the way can read')
    .addHelpText(
      'after',
      `
  What is captured is kept on disk until the hub has it for good: nothing is lost and nothing comes twice, whoever is killed or cut
  off meanwhile. Secrets are masked before anything is sent. The configuration is the same as that of a hub.
${example([
  ['logboom token add web-1 --agent web-1', 'on the hub, once: prints the token'],
  ['logboom agent --hub https://logs.example.org --name web-1', 'here, with LOGBOOM_TOKEN set'],
  ['logboom hosts', 'on the hub: who is there, and how far behind'],
])}`,
    )
    .action(async (options) => (await import('./agent.ts')).agent(options))

  place(command('hosts', 'list the hosts whose agents hand in lines to this hub'))
    .option('--json', 'for machines')
    .action(async (options) => (await import('./hosts.ts')).hosts(options))
}

/** As in the configuration: `1MB`. */
const leastSpoolBytes = 1_000_000

function parseSpool(text: string): number {
  const bytes = parseSize(text)
  if (bytes === undefined || bytes < leastSpoolBytes)
    throw new InvalidArgumentError(`It must be a size from 1MB: ${sizeExamples}.`)
  return bytes
}
