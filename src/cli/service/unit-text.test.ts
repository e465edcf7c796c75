import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatUnit, type UnitOptions } from './unit-text.ts'

const usual: UnitOptions = {
  kind: 'hub',
  scope: 'system',
  program: ['/usr/bin/node', '/opt/logboom/bin/logboom.js'],
  directory: '/srv/shop',
}
const linesOf = (options: Partial<UnitOptions>): string[] => formatUnit({ ...usual, ...options }).split('\n')

test('a hub and an agent have commands and state of their own', () => {
  for (const [kind, command, state] of [
    ['hub', 'up --no-attach', 'logboom'],
    ['agent', 'agent', 'logboom-agent'],
  ] as const) {
    const lines = linesOf({ kind })
    assert.ok(lines.includes(`ExecStart=/usr/bin/node /opt/logboom/bin/logboom.js ${command}`))
    assert.ok(lines.includes(`StateDirectory=${state}`))
    assert.ok(lines.includes(`Environment=LOGBOOM_STATE=%S/${state}`))
    assert.ok(lines.includes(`EnvironmentFile=-/srv/shop/${state}.env`))
  }
})

test('a unit of the system has a user and is hardened, one of a user is neither', () => {
  assert.ok(linesOf({ user: 'shop' }).includes('User=shop'))
  assert.ok(!linesOf({}).some((line) => line.startsWith('User=')))
  assert.ok(linesOf({}).includes('ProtectSystem=full'))
  assert.ok(linesOf({}).includes('WantedBy=multi-user.target'))
  const own = linesOf({ scope: 'user', user: 'shop' })
  assert.ok(!own.some((line) => /^User=|^Protect|^NoNew/.test(line)))
  assert.ok(own.includes('WantedBy=default.target'))
})

test('nothing in a path is replaced or cut by systemd', () => {
  const lines = linesOf({ program: ['/opt/no de', '/a$HOME/100%/"quoted"\\'], directory: '/srv/50% off' })
  assert.ok(lines.includes('ExecStart="/opt/no de" "/a$$HOME/100%%/\\"quoted\\"\\\\" up --no-attach'), lines.join('\n'))
  assert.ok(lines.includes('WorkingDirectory=/srv/50%% off'))
})
