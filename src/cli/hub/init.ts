// `logboom init`: proposes a configuration from what is in the directory.
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { configNames } from '../../config/find-config.ts'
import { formatProposal, proposeConfig } from '../../config/propose/propose-config.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { maskCommandLine } from '../../secrets/mask-command.ts'
import { escapeTerminal } from '../../text/ansi.ts'

interface InitOptions {
  directory?: string
  format: 'ts' | 'yaml'
  force?: boolean
  print?: boolean
}

/** Options that speak of a unit. */
const ofUnits = ['agent', 'user', 'runAs', 'to'] as const

export function init(units: string[], options: InitOptions & { [Name in (typeof ofUnits)[number]]?: unknown }): void {
  const misplaced = ofUnits.find((name) => options[name] !== undefined)
  if (misplaced !== undefined)
    throw new LogboomError('request-invalid', '--agent, --user, --run-as and --to speak of a unit', {
      hint: 'Say --systemd, too.',
    })
  const { directory = '.', format, force, print } = options
  const place = resolve(directory)
  const findings = proposeConfig(place, units)
  const text = formatProposal(findings, format)
  if (print) return void process.stdout.write(text)
  const name = `logboom.config.${format}`
  const present = configNames.filter((each) => each !== 'Procfile' && existsSync(join(place, each)))
  // A second one beside the first would be refused by every command.
  const other = present.find((each) => each !== name) ?? (force ? undefined : present[0])
  if (other !== undefined)
    throw new LogboomError('config-exists', `${join(place, other)} is there already`, {
      hint:
        other === name
          ? 'Replace it with --force, or only look with --print.'
          : 'Remove it first, or only look with --print.',
    })
  if (findings.proposals.length === 0)
    throw new LogboomError('config-missing', `nothing was found in ${place} that could be run or read`, {
      hint: 'It looks for package.json, Procfile, a compose file, *.service and logs/*.log. One command needs no configuration: logboom run -- CMD',
    })
  writeFileSync(join(place, name), text, { flag: force ? 'w' : 'wx' })
  for (const proposal of findings.proposals) say(`${proposal.name}  ${maskCommandLine(proposal.why)}`)
  if (findings.left.length > 0) say('not taken:')
  for (const reason of findings.left) say(`  ${maskCommandLine(reason)}`)
  say(`wrote ${name}; start it with: logboom up`)
}

function say(line: string): void {
  process.stdout.write(`${escapeTerminal(line)}\n`)
}
