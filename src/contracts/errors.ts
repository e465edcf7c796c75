// Every error a user may meet, with the hint that helps. One class, so that each place can tell ours from bugs.

/** Code → what to do about it. */
export const hints = {
  'config-missing': '`logboom init` proposes one from what is here; or run one command with: logboom run -- CMD',
  'config-exists': 'Replace it with --force, or only look with --print.',
  'config-invalid': 'Correct the place named above; `logboom check` tries again without starting anything.',
  'not-running': 'Start it with: logboom up',
  'already-running': 'Stop it with `logboom down`, or use another --state directory.',
  'state-unusable': 'Give a writable directory with --state DIR; `logboom doctor` says what is wrong with this one.',
  'address-in-use': 'Choose another port with --port N, or 0 for any free one.',
  'open-to-network': 'Add a user first: logboom user add NAME; or serve this machine alone: --host 127.0.0.1.',
  'sign-in-needed': 'Sign in on the page of the hub, or send a token: Authorization: Bearer TOKEN. See docs/access.md.',
  'sign-in-refused': 'Try again, or ask an admin for a link: logboom user link NAME',
  'not-allowed': 'An admin can grant it: logboom user grant NAME. See docs/access.md.',
  'unknown-account': '`logboom user list` and `logboom token list` say who there is.',
  'already-there': 'Choose another name, or change what it may with `logboom user grant NAME`.',
  'access-damaged':
    'Nobody is let in without it: put a copy back; or remove it while no hub runs, and add the users again.',
  'tls-invalid': 'Give a certificate (PEM, with its chain) and the key that belongs to it.',
  'query-invalid': 'Words, "phrases", level:error, source:api*, AND, OR, NOT. See docs/query.md.',
  'unknown-source': '`logboom ps` lists the sources.',
  'unknown-job': '`logboom jobs` lists the jobs.',
  'job-owned': 'Another orchestrator registered this job; give jobs ids that nobody else gives.',
  'job-name-taken': 'Give the job another name; `logboom ps` lists those that are taken.',
  'not-controllable': 'Only processes can be started, stopped or restarted.',
  'engine-unreachable': 'Start it, or name another with `host`; `logboom doctor` asks for it.',
  'engine-refused': 'The text above is what the engine says to it.',
  'command-not-found': 'Check the spelling and the PATH of the process.',
  'env-file-invalid': 'Correct it, or take it out of `envFile`; it is read again at the next start.',
  'stdin-invalid': 'Correct `stdin` of the process; it is read again at the next start.',
  'start-failed': 'The system refused to start it; the text above says why.',
  'stop-failed': 'It belongs to another user or is stuck in the kernel; `ps -o stat,user,wchan -p PID` says which.',
  'store-damaged': 'Everything undamaged is still served; the gap record says what is missing.',
  'store-unwritable':
    'Check the disk and the permissions of the state directory; Logboom goes on in memory and tries again.',
  'disk-full': 'Free some space; Logboom goes on in memory and writes again when it can.',
  'too-many': 'Try again in a moment, and close what is not needed; docs/api.md has the limits.',
  'too-often': 'Wait a moment between requests; docs/api.md has the limits.',
  'request-invalid': 'See docs/api.md for the shape of requests.',
  'too-large': 'Send it in several requests.',
  'too-slow': 'Send it when all of it is at hand, or in several requests.',
  'batch-differs': 'A name stands for the same bytes each time; give other records another one.',
  'relay-out-of-order': 'The agent connects again, and goes on from where the hub has got to.',
  'relay-damaged': 'Check disk and memory of the host; the agent sends it again when it has connected anew.',
  'agent-protocol': 'Install the same version of Logboom on both: the older of the two is to be updated.',
  'agent-copied': 'Remove `agent.json` from the state directory of the copy, and it becomes an agent of its own.',
  'agent-in-use': 'Stop the other agent, or give this one another name: --name NAME.',
  'hub-unreachable': 'Check the address and the network; what is captured meanwhile is kept and sent later.',
  'not-found': 'See docs/api.md for the routes.',
  forbidden:
    'This address answers its own pages and tools only; open the dashboard at the address that `logboom ps` prints.',
  'node-too-old': 'Install Node.js 24.12 or newer.',
  internal: 'Please report it with the text above.',
} as const

export type ErrorCode = keyof typeof hints

export class LogboomError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  /** Place in the text that the user gave (a query), in UTF-16 units. */
  readonly position?: { from: number; to: number }

  /** `hint` replaces the code's own where the place knows better. */
  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; position?: { from: number; to: number } } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'LogboomError'
    this.code = code
    this.hint = options.hint ?? hints[code]
    if (options.position) this.position = options.position
  }
}
