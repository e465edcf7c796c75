// The text of a systemd unit for a hub or an agent: a pure function of where things are.

export interface UnitOptions {
  kind: 'hub' | 'agent'
  /** Of the whole system, or of one user's own manager. */
  scope: 'system' | 'user'
  /** Node.js and the script, absolute. */
  program: readonly string[]
  /** Directory of the configuration, absolute. */
  directory: string
  /** A name or number; of a unit of the system only. Absent: root. */
  user?: string
}

export const unitNames = { hub: 'logboom.service', agent: 'logboom-agent.service' } as const

/** Directory of the state below systemd's own for that. */
export const stateNames = { hub: 'logboom', agent: 'logboom-agent' } as const

/** File of settings and secrets beside the configuration, read if it is there. */
export const environmentFiles = { hub: 'logboom.env', agent: 'logboom-agent.env' } as const

const descriptions = { hub: 'Logboom, a hub of logs', agent: 'Logboom, an agent that hands logs to a hub' } as const
const commands = { hub: ['up', '--no-attach'], agent: ['agent'] } as const

/** What is true of a hub and its processes alike, since they share it. Reading and writing of logs goes on everywhere but in /usr, /boot and /etc. */
const hardening = [
  'NoNewPrivileges=yes',
  'ProtectSystem=full',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectControlGroups=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'SystemCallArchitectures=native',
]

export function formatUnit({ kind, scope, program, directory, user }: UnitOptions): string {
  const isSystem = scope === 'system'
  const lines = [
    '# Written by: logboom init --systemd. Changes of your own: systemctl edit',
    '[Unit]',
    `Description=${descriptions[kind]}`,
    'Wants=network-online.target',
    'After=network-online.target',
    'StartLimitIntervalSec=120',
    'StartLimitBurst=10',
    '',
    '[Service]',
    '# Ready when it serves; systemd-notify speaks for it.',
    'Type=notify',
    'NotifyAccess=all',
    `ExecStart=${[...program, ...commands[kind]].map(quoteWord).join(' ')}`,
    `WorkingDirectory=${escapeSpecifiers(directory)}`,
    ...(isSystem && user !== undefined ? [`User=${user}`] : []),
    ...(isSystem ? ['# For the journal, and for containers:', '#SupplementaryGroups=systemd-journal docker'] : []),
    `StateDirectory=${stateNames[kind]}`,
    'StateDirectoryMode=0700',
    `Environment=LOGBOOM_STATE=%S/${stateNames[kind]}`,
    `EnvironmentFile=-${escapeSpecifiers(`${directory}/${environmentFiles[kind]}`)}`,
    '',
    '# Stopped, it stops its processes itself, in order. Killed, it leaves them running, and the next one takes them over.',
    'KillMode=process',
    'SuccessExitStatus=143',
    'TimeoutStartSec=300',
    'TimeoutStopSec=120',
    'Restart=on-failure',
    'RestartSec=1',
    '# A configuration that is wrong stays wrong.',
    'RestartPreventExitStatus=2',
    '# A hub that does not turn any more is killed at once; nothing is lost by that.',
    'WatchdogSec=60',
    'WatchdogSignal=SIGKILL',
    '# Of its processes one that takes too much memory must not take the hub along.',
    'OOMPolicy=continue',
    // A user's manager may not do any of it.
    ...(isSystem ? ['', '# Its processes share all of this.', ...hardening] : []),
    '',
    '[Install]',
    `WantedBy=${isSystem ? 'multi-user.target' : 'default.target'}`,
    '',
  ]
  return lines.join('\n')
}

/** One word of a command line: quoted, and with nothing in it that systemd would replace. */
function quoteWord(word: string): string {
  const escaped = escapeSpecifiers(word).replaceAll('$', '$$$$')
  return /^[\w./:@%+=,$-]+$/.test(escaped) ? escaped : `"${escaped.replaceAll(/["\\]/g, '\\$&')}"`
}

const escapeSpecifiers = (text: string): string => text.replaceAll('%', '%%')
