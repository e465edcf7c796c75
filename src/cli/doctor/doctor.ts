// `logboom doctor`: everything that Logboom needs of a machine, tried out for real.
import { resolve } from 'node:path'
import { loadConfig } from '../../config/load-config.ts'
import type { Config } from '../../config/config.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { checkClock, checkLimits, checkNode, checkPort, checkProc } from './doctor-system.ts'
import { checkDiskSpace, checkFileSystem } from './doctor-files.ts'
import { checkLogs } from './doctor-logs.ts'
import { checkSources } from './doctor-sources.ts'
import type { Finding } from './finding.ts'
import { findState, tryHub } from '../hub/find-hub.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { createPaint, wantsColor, type Style } from '../terminal-style.ts'

const signs = { ok: '✓', warn: '!', fail: '✗' }
const colors: Record<Finding['verdict'], Style> = { ok: 'green', warn: 'yellow', fail: 'red' }

export async function doctor(options: PlaceOptions & { json?: boolean }): Promise<void> {
  const { finding, config } = await checkConfiguration(options)
  const stateDirectory =
    config?.stateDirectory ?? (await findState({ ...options, config: undefined }).catch(() => resolve('.logboom')))
  const hub = await tryHub(stateDirectory)
  const findings = [
    checkNode(),
    finding,
    ...(await checkFileSystem(stateDirectory)),
    await checkDiskSpace(stateDirectory),
    ...checkLogs(config, hub?.info),
    checkProc(),
    checkLimits(),
    hub
      ? { what: 'port', verdict: 'ok' as const, text: `a hub answers at ${hub.info.url}` }
      : await checkPort(config?.server.host ?? '127.0.0.1', config?.server.port),
    ...(await checkSources(config?.sources ?? [], hub !== undefined)),
    checkClock(),
  ]
  process.stdout.write(options.json ? `${JSON.stringify(findings, null, 2)}\n` : format(findings))
  if (findings.some(({ verdict }) => verdict === 'fail')) process.exitCode = 1
}

function format(findings: Finding[]): string {
  const paint = createPaint(wantsColor(process.stdout))
  const width = Math.max(...findings.map(({ what }) => what.length))
  const lines = findings.flatMap(({ what, verdict, text, hint }) => [
    `${paint(colors[verdict], signs[verdict])} ${what.padEnd(width)}  ${text}`,
    ...(hint ? [`  ${' '.repeat(width)}  ${paint('dim', `→ ${hint}`)}`] : []),
  ])
  const count = (verdict: Finding['verdict']): number =>
    findings.filter((finding) => finding.verdict === verdict).length
  const [failed, warned] = [count('fail'), count('warn')]
  const sum = failed ? `${failed} of ${findings.length} failed` : warned ? `Works; ${warned} to look at` : 'All is well'
  return `${lines.join('\n')}\n\n${paint('bold', sum)}\n`
}

async function checkConfiguration(options: PlaceOptions): Promise<{ finding: Finding; config?: Config }> {
  const { directory = '.', config: file, state } = options
  const what = 'configuration'
  try {
    const config = await loadConfig({
      directory: resolve(directory),
      ...(file === undefined ? {} : { file }),
      environment: process.env,
      overrides: state === undefined ? {} : { stateDirectory: resolve(state) },
    })
    return { finding: { what, verdict: 'ok', text: config.file! }, config }
  } catch (error) {
    if (!(error instanceof LogboomError)) throw error
    const verdict = error.code === 'config-missing' && file === undefined ? 'warn' : 'fail'
    return { finding: { what, verdict, text: error.message, hint: error.hint } }
  }
}
