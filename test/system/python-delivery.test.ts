// What Python programs log reaches the hub once each: hubs that are away or killed, programs that are killed, and wrong tokens.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireTool } from '../../scripts/ensure-system.ts'
import { prepareHub, until, type HubProcess, type HubProcessOptions } from '../hub-process.ts'
import { idsAtHub, idsIn, modules, python, readLogFiles, startPython } from './python-program.ts'

const tools = requireTool('python3')

async function openHub(t: TestContext, config: HubProcessOptions = {}): Promise<HubProcess> {
  const hub = prepareHub(config)
  t.after(() => hub.close())
  await hub.start()
  return hub
}

async function countOf(hub: HubProcess, query: string): Promise<number> {
  return (await hub.client.summary({ query })).count
}

function readSpool(hub: HubProcess, name: string): string[] {
  const directory = path.join(hub.directory, 'logs', `${name}.spool`)
  return existsSync(directory) ? readdirSync(directory) : []
}

/** Resolves when the hub has as many records as the files have; each must be there once then. */
async function assertEachOnce(hub: HubProcess, query: string, folder: string, name: string): Promise<number> {
  const written = idsIn(readLogFiles(folder, name))
  assert.equal(new Set(written).size, written.length)
  await until(
    `${written.length} records at the hub`,
    async () => (await countOf(hub, `${query} "[#"`)) >= written.length,
    90_000,
  )
  assert.deepEqual(await idsAtHub(hub, query), written)
  return written.length
}

/** Logs ids `LIFE.N` at the rate given, for so many seconds until it is killed, or until there is a file `stop`. */
const counting = `
import os, sys, time
from logboom_logging import get_logger
life, rate, seconds = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
log = get_logger('host', log_dir='logs', console=False, max_size='200KB', keep=200, compress=True)
print('begun', flush=True)
start = time.monotonic()
number = 0
while time.monotonic() - start < seconds and not os.path.exists('stop'):
    for _ in range(int(rate / 100)):
        number += 1
        log.info('order paid [#%s.%d]', life, number, extra={'n': number})
    time.sleep(max(0, start + number / rate - time.monotonic()))
`

/** Runs another program of the name until no dead one's spool is left. */
async function takeOver(hub: HubProcess): Promise<void> {
  const program = startPython(hub, counting, ['next', '100', '120'])
  await until('the program has begun', () => program.said().includes('begun'))
  await until(
    'spools of dead processes are gone',
    () => !readdirSync(path.join(hub.directory, 'logs')).some((name) => /\.\d+\.spool$/.test(name)),
    90_000,
  )
  writeFileSync(path.join(hub.directory, 'stop'), '')
  assert.equal(await program.ended(), 0, program.said())
  assert.equal(program.said(), 'begun\n')
}

test('a hub that is away gets everything when it returns', tools, async (t) => {
  const hub = await openHub(t)
  await hub.kill()
  const program = startPython(hub, counting, ['a', '500', '60'])
  await until('more waits than one segment has', () => {
    const names = readSpool(hub, 'host')
    return names.some((name) => name.endsWith('.ready')) && names.some((name) => name.endsWith('.open'))
  })
  await hub.start()
  await until('it comes', async () => (await countOf(hub, 'source:host')) > 0)
  writeFileSync(path.join(hub.directory, 'stop'), '')
  assert.equal(await program.ended(), 0, program.said())
  const count = await assertEachOnce(hub, 'source:host', path.join(hub.directory, 'logs'), 'host')
  assert.ok(count >= 100, `${count}`)
  const [record] = (await hub.client.search({ query: 'source:host a.1', limit: 1, order: 'oldest' })).records
  assert.equal(record?.logger, 'host')
  assert.equal(record?.fields?.['n'], 1)
})

test('kill -9 of hub and program at 3,000 records a second: each once', tools, async (t) => {
  const hub = await openHub(t)
  for (const [life, [beforeHub, afterHub]] of [
    [700, 300],
    [400, 50],
    [950, 650],
  ].entries()) {
    const program = startPython(hub, counting, [`${life}`, '3000', '60'])
    await until('it has begun', () => program.said().includes('begun'))
    // Moments are chosen by time, as kills come.
    await sleep(beforeHub)
    await hub.kill()
    await sleep(afterHub)
    hub.launch()
    await sleep(life === 1 ? 0 : 900)
    await program.kill()
    await hub.ready()
  }
  const last = startPython(hub, counting, ['last', '3000', '1'])
  assert.equal(await last.ended(), 0, last.said())
  const count = await assertEachOnce(hub, 'source:host', path.join(hub.directory, 'logs'), 'host')
  assert.ok(count > 4000, `${count}`)
})

test('the spool and the file of a second process that was killed are taken over', tools, async (t) => {
  const hub = await openHub(t)
  await hub.kill()
  const first = startPython(hub, counting, ['first', '100', '60'])
  await until('the first has begun', () => first.said().includes('begun'))
  const second = startPython(hub, counting, ['second', '1000', '60'])
  await until('the second has begun', () => second.said().includes('begun'))
  await until('the second has a spool', () => readSpool(hub, 'host.2').length > 1)
  await second.kill()
  await first.kill()
  await hub.start()
  await takeOver(hub)
  await assertEachOnce(hub, 'source:host', path.join(hub.directory, 'logs'), 'host')
})

const family = `
import multiprocessing, os, sys, threading
from logboom_logging import get_logger
log = get_logger('host', log_dir='logs', console=False)
def work(life):
    for number in range(500): log.info('[#%s.%d]', life, number)
if __name__ == '__main__':
    busy = threading.Thread(target=work, args=('thread',))
    busy.start()
    context = multiprocessing.get_context(sys.argv[1])
    children = [context.Process(target=work, args=(life,)) for life in 'abc']
    for child in children: child.start()
    for child in children: child.join()
    if sys.argv[1] == 'fork' and os.fork() == 0:
        work('forked')
        os._exit(0)
    busy.join()
    work('parent')
`

for (const method of ['fork', 'spawn']) {
  test(`children of multiprocessing (${method}), threads and forks: each once`, tools, async (t) => {
    const hub = await openHub(t)
    const program = startPython(hub, family, [method])
    assert.equal(await program.ended(), 0, program.said())
    // What a child that ended by os._exit has left in its file and spool.
    await takeOver(hub)
    const count = await assertEachOnce(hub, 'source:host', path.join(hub.directory, 'logs'), 'host')
    assert.ok(count > 500 * (method === 'fork' ? 6 : 5), `${count}`)
  })
}

test('a handler of a configuration by hand: the program may end right after its last record', tools, async (t) => {
  const hub = await openHub(t)
  const code = `
import logging
from logboom_logging import LogboomHandler
logging.basicConfig(level=logging.INFO, handlers=[LogboomHandler(source='shop', spool_dir='spools')])
for number in range(2000): logging.getLogger('shop.db').info('[#%d]', number)
`
  const program = startPython(hub, code)
  assert.equal(await program.ended(), 0, program.said())
  assert.equal(program.said(), '')
  assert.equal(new Set(await idsAtHub(hub, 'source:shop')).size, 2000)
  assert.equal(await countOf(hub, 'source:shop'), 2000)
})

test('a token that does not count is told once, and the records come with one that does', tools, async (t) => {
  const hub = await openHub(t)
  const ok = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await hub.command(...words)
    assert.equal(code, 0, stderr)
    return stdout.trim()
  }
  await ok('user', 'add', 'root', '--role', 'admin')
  const token = await ok('token', 'add', 'shop', '--may', 'send', '--source', 'host')
  const refused = startPython(hub, counting, ['x', '200', '1'], { LOGBOOM_TOKEN: 'wrong' })
  assert.equal(await refused.ended(), 0)
  assert.match(refused.said(), /^begun\nlogboom: the hub at \S+ refuses records of host \(401\): .*LOGBOOM_TOKEN.*\n$/)
  const taken = startPython(hub, counting, ['y', '200', '1'], { LOGBOOM_TOKEN: token })
  assert.equal(await taken.ended(), 0)
  assert.equal(taken.said(), 'begun\n')
  await assertEachOnce(hub, 'source:host', path.join(hub.directory, 'logs'), 'host')
})

test(
  'under `logboom run` level, logger, time, audit kind and fields arrive, once, and no file is made',
  tools,
  async (t) => {
    const hub = prepareHub({})
    t.after(() => hub.close())
    const code = `
import logging
from logboom_logging import audit_log, get_logger_from_env, with_context
log = get_logger_from_env(level='DEBUG')
with with_context(request_id='r-1'): log.getChild('db').warning('slow [#1]', extra={'ms': 3})
log.debug('two\\nlines [#2]')
audit_log(log, 'spawned [#3]', action='instance_spawn', metadata={'id': 1})
`
    const app = startPython(hub, code, [], {})
    await app.kill()
    const before = Date.now()
    const file = path.join(hub.directory, 'app/main.py')
    const environment = ['env', `PYTHONPATH=${modules}`, 'PYTHONDONTWRITEBYTECODE=1', python, file]
    const {
      code: status,
      stderr,
      stdout,
    } = await hub.command('run', '--port', '0', '--name', 'app', '--', ...environment)
    assert.equal(status, 0, stderr + stdout)
    await hub.start()
    const records = []
    for await (const record of hub.records('source:app "[#"')) records.push(record)
    assert.deepEqual(
      records.map(({ severity, kind, logger, message, fields }) => ({ severity, kind, logger, message, fields })),
      [
        { severity: 13, kind: 'system', logger: 'app.db', message: 'slow [#1]', fields: { request_id: 'r-1', ms: 3 } },
        { severity: 5, kind: 'system', logger: 'app', message: 'two\nlines [#2]', fields: undefined },
        {
          severity: 9,
          kind: 'audit',
          logger: 'app',
          message: 'spawned [#3]',
          fields: { action: 'instance_spawn', metadata: { id: 1 } },
        },
      ],
    )
    for (const { time, observed } of records) assert.ok(time >= before && time <= observed, `${time} ${observed}`)
    const filed = readFileSync(path.join(hub.stateDirectory, 'logs/app.log'), 'utf8')
    assert.match(filed, /^\S+ \S+ \[\d+\] \[WARNING\] slow \[#1\] request_id=r-1 ms=3$/m)
  },
)
