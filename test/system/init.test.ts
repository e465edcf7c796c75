// `logboom init` in directories as people have them: what it writes is what `logboom check` takes.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { test, type TestContext } from 'node:test'

const bin = resolve(import.meta.dirname, '../../bin/logboom.js')

function place(t: TestContext, files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-init-'))
  t.after(() => rmSync(directory, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  return directory
}

function logboom(cwd: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8', timeout: 60_000 })
}

/** What is right in the eyes of `logboom check`, without what is default. */
function checked(directory: string): Record<string, Record<string, unknown>> {
  const { status, stdout, stderr } = logboom(directory, 'check', '--json')
  assert.equal(status, 0, stderr)
  const { sources } = JSON.parse(stdout) as { sources: { name: string; options: Record<string, unknown> }[] }
  return Object.fromEntries(sources.map(({ name, options }) => [name, options]))
}

const files = {
  'package.json': JSON.stringify({
    name: '@shop/web',
    scripts: { dev: "vite --name 'a'\n", start: 'x', 'worker:mail': 'y', test: 'z' },
  }),
  'pnpm-lock.yaml': '',
  Procfile: 'web: ./web --port 1\nclock: sh -c \'echo "it\\n"\'\n',
  'compose.yaml': `services:
  api: { build: ./api, command: [node, api.js], environment: [A=1, "B=\${X}", C], env_file: api.env }
  db: { image: postgres }
  site: { build: . }
`,
  'mail.service': `[Unit]
Description=x
ExecStart=/no
[Service]
Environment="GREETING=good day" N=1
EnvironmentFile=-/maybe
EnvironmentFile=/etc/mail.env
ExecStart=-/usr/bin/mail "a b" \\
  c
WorkingDirectory=/srv
Restart=always
User=mail
`,
  'old.service': '[Service]\nType=forking\nExecStart=/usr/bin/old\n',
  'units/far.service': '[Service]\nExecStart=/usr/bin/far $MORE\n',
  'logs/nginx.log': 'x\n',
}

for (const format of ['ts', 'yaml']) {
  test(`everything that is here is proposed, said why, and right (${format})`, (t) => {
    const directory = place(t, files)
    const shown = logboom(directory, 'init', '--print', '--format', format, 'units/far.service')
    const { status, stdout, stderr } = logboom(directory, 'init', '--format', format, 'units/far.service')
    assert.equal(status, 0, stderr)
    assert.equal(readFileSync(join(directory, `logboom.config.${format}`), 'utf8'), shown.stdout)
    const found = checked(directory)
    const command = (name: string) => found[name]?.command
    assert.deepEqual(Object.keys(found), [
      'web',
      'clock',
      'web-2',
      'web-worker-mail',
      'api',
      'mail',
      'far',
      'logs',
      'docker',
    ])
    assert.deepEqual([command('web'), command('clock')], ['./web --port 1', 'sh -c \'echo "it\\n"\''])
    assert.deepEqual([command('web-2'), command('web-worker-mail')], ['pnpm run dev', 'pnpm run worker:mail'])
    const { api, mail, far, logs } = found
    assert.deepEqual(
      [api!.command, api!.cwd, api!.env, api!.envFile],
      [['node', 'api.js'], './api', { A: '1' }, ['api.env']],
    )
    assert.deepEqual([mail!.command, mail!.cwd, mail!.restart], [['/usr/bin/mail', 'a b', 'c'], '/srv', 'always'])
    assert.deepEqual([mail!.env, mail!.envFile], [{ GREETING: 'good day', N: '1' }, ['/etc/mail.env']])
    assert.deepEqual([far!.command, far!.restart], ['/usr/bin/far $MORE', 'never'])
    assert.deepEqual(logs!.paths, ['logs/*.log'])
    assert.deepEqual(found.docker!.projects, [basename(directory).toLowerCase()])
    for (const reason of [
      'service db: it is made from the image postgres',
      'service site: it has no command',
      'values of B',
      'old.service: it goes into the background',
      'User=mail',
    ])
      for (const text of [stdout, shown.stdout]) assert.ok(text.includes(reason), `${reason} in ${text}`)
  })
}

test('workspaces are proposed one by one, and not again through the root', (t) => {
  const directory = place(t, {
    'package.json': JSON.stringify({ scripts: { dev: 'turbo dev' }, workspaces: ['apps/*'] }),
    'apps/api/package.json': JSON.stringify({ name: 'api', scripts: { start: 'node .' } }),
    'apps/types/package.json': JSON.stringify({ name: 'types' }),
  })
  assert.equal(logboom(directory, 'init').status, 0)
  const found = checked(directory)
  assert.deepEqual(Object.keys(found), ['api'])
  assert.deepEqual([found.api!.command, found.api!.cwd], ['npm run start', 'apps/api'])
})

test('nothing is overwritten without being told to, and up says where to begin', (t) => {
  const directory = place(t, {})
  assert.match(logboom(directory, 'up').stderr, /logboom init/)
  assert.doesNotMatch(logboom(directory, 'up').stderr, /--docker/)
  assert.deepEqual([logboom(directory, 'init').status, logboom(directory, 'init').stdout], [2, ''])
  writeFileSync(join(directory, 'compose.yaml'), 'services: [')
  assert.match(logboom(directory, 'up').stderr, /compose\.yaml.*logboom up --docker/)
  writeFileSync(join(directory, 'Procfile'), 'a: b\n')
  const config = join(directory, 'logboom.config.ts')
  writeFileSync(config, 'mine')
  const refused = logboom(directory, 'init')
  assert.equal(refused.status, 2)
  assert.match(refused.stderr, /is there already\n.*--force/)
  assert.equal(readFileSync(config, 'utf8'), 'mine')
  assert.match(logboom(directory, 'init', '--force').stdout, /the compose file cannot be read/)
  assert.deepEqual(Object.keys(checked(directory)), ['a'])
  assert.match(logboom(directory, 'init', '--force', '--format', 'yaml').stderr, /logboom\.config\.ts is there already/)
})

test('a unit of a place without a configuration is not written, and of a unit is only spoken with --systemd', (t) => {
  const empty = place(t, {})
  const units = join(empty, 'units')
  const without = logboom(empty, 'init', '--systemd', '--to', units)
  assert.equal(without.status, 2)
  assert.match(without.stderr, /there is no configuration in/)
  assert.equal(existsSync(units), false)

  const shop = place(t, { Procfile: 'web: sleep 1000\n' })
  const misplaced = logboom(shop, 'init', '--agent')
  assert.equal(misplaced.status, 2)
  assert.match(misplaced.stderr, /--systemd/)
  assert.equal(existsSync(join(shop, 'logboom.config.ts')), false)

  const own = { XDG_CONFIG_HOME: join(shop, 'own') }
  const written = spawnSync(process.execPath, [bin, 'init', '--systemd', '--user', '--agent'], {
    cwd: shop,
    encoding: 'utf8',
    env: { ...process.env, ...own },
  })
  assert.equal(written.status, 0, written.stderr)
  assert.match(written.stdout, /systemctl --user enable --now logboom-agent/)
  const unit = readFileSync(join(shop, 'own/systemd/user/logboom-agent.service'), 'utf8')
  assert.match(unit, /^ExecStart=.* agent$/m)
})
