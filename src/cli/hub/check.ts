// `logboom check`: is the configuration right, and what would run?
import { relative, resolve } from 'node:path'
import type { Config } from '../../config/config.ts'
import { loadConfig } from '../../config/load-config.ts'
import { maskCommand, maskCommandLine, maskWords } from '../../secrets/mask-command.ts'
import { maskValues } from '../../secrets/mask-values.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import { formatAmount } from '../../text/amounts.ts'
import { formatDuration } from '../../time/duration.ts'
import { formatRetention } from '../store/format-retention.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { createPaint, wantsColor } from '../terminal-style.ts'

export async function check(options: PlaceOptions & { json?: boolean }): Promise<void> {
  const { directory = '.', config: file, state } = options
  const config = await loadConfig({
    directory: resolve(directory),
    ...(file === undefined ? {} : { file }),
    environment: process.env,
    overrides: state === undefined ? {} : { stateDirectory: resolve(state) },
  })
  const text = options.json ? formatJson(config) : formatConfig(config, wantsColor(process.stdout))
  process.stdout.write(text)
}

/** All of it but its secrets. */
function formatJson(config: Config): string {
  const isCommand = (value: unknown): value is string | string[] =>
    typeof value === 'string' || (Array.isArray(value) && value.every((word) => typeof word === 'string'))
  const withCommands = JSON.parse(JSON.stringify(config), (key, value: unknown) =>
    key === 'command' && isCommand(value) ? maskCommand(value) : value,
  ) as Record<string, unknown>
  return `${JSON.stringify(maskValues(withCommands), null, 2)}\n`
}

function formatConfig(config: Config, color: boolean): string {
  const paint = createPaint(color)
  const { host, port } = config.server
  const width = Math.max(9, ...config.sources.map(({ name }) => name.length))
  const lines = [`${paint('green', '✓')} ${relative(process.cwd(), config.file!) || config.file!} is right`, '']
  for (const { name, options } of config.sources) {
    lines.push(`  ${paint('bold', escapeTerminal(name).padEnd(width))}  ${escapeTerminal(describe(options))}`)
  }
  if (config.sources.length === 0) lines.push('  nothing to run')
  const rest = {
    dashboard: `http://${host}:${port ?? '7420, or the next port that is free'}`,
    state: config.stateDirectory,
    store: config.store,
    keeps: formatRetention(config.retention),
    stages: Object.keys(config.stages).join(', ') || 'none',
    sinks: Object.keys(config.sinks).join(', ') || 'none',
  }
  lines.push('', ...Object.entries(rest).map(([key, value]) => `  ${paint('dim', key.padEnd(width))}  ${value}`))
  return `${lines.join('\n')}\n`
}

/** The command where there is one, and what differs from what everybody expects. */
function describe(options: unknown): string {
  const { command, cwd, autostart, restart, instances, schedule, every } = options as Record<string, unknown>
  const words = Array.isArray(command)
    ? maskWords(command as string[]).join(' ')
    : typeof command === 'string'
      ? maskCommandLine(command)
      : JSON.stringify(maskValues(options as Record<string, unknown>))
  const notes = [
    typeof cwd === 'string' && `in ${cwd}`,
    typeof instances === 'number' && formatAmount(instances, 'instance'),
    typeof schedule === 'string' && `at ${schedule}`,
    typeof every === 'number' && `every ${formatDuration(every)}`,
    autostart === false && 'not started by itself',
    typeof restart === 'string' && restart !== 'on-failure' && `restart: ${restart}`,
  ].filter(Boolean)
  return notes.length > 0 ? `${words}  (${notes.join(', ')})` : words
}
