// Settings that change while the hub runs, and are kept over its restarts (C9): which levels and services are shown and captured, and
// how long records are kept.
import type { Catalogue } from '../catalogue.ts'
import type { Config } from '../../config/config.ts'
import { severities, type LogRecord, type Services, type SeverityName } from '../../contracts/record.ts'
import type { Threshold } from '../../contracts/request.ts'
import type { Retention } from '../../contracts/retention.ts'
import type { Shown } from '../../live/shown/shown.ts'
import { thresholdQuery } from '../../query/threshold-query.ts'
import type { HubSettings } from '../../server/hub-interface.ts'
import { openKeptRetention } from './kept-retention.ts'
import { controlDirectory } from '../../supervise/control-file.ts'
import { openLoggerLevels } from './logger-levels.ts'
import { openThreshold } from './threshold.ts'

export interface Settings extends HubSettings {
  shown: Shown
  captured(): Threshold
  /** Whether consoles show this line. */
  shows(record: Pick<LogRecord, 'source' | 'severity' | 'logger'>): boolean
  levelsOf(source: string): { shownLevel: SeverityName; capturedLevel: SeverityName }
  /** Path of the file that tells a source's loggers their level, made where there is none. */
  controlFileOf(source: string): string
  /** Looks after those files; true when there is another trouble than before. */
  tendControlFiles(): boolean
  /** Lasting trouble, one sentence each. */
  trouble(): string[]
}

export interface SettingsOptions {
  services: Services
  config: Pick<Config, 'stateDirectory' | 'logLevel' | 'captureLevel' | 'retention' | 'enableDashboardStreaming'>
  catalogue: Pick<Catalogue, 'keep' | 'kept'>
  /** Both resolve when it is so. */
  capture(threshold: Threshold): Promise<void>
  retain(rules: Retention): Promise<void>
  /** The status of sources has changed. */
  changed(): void
  warn(message: string): void
}

const nothing = 'NOT source:*'

export function openSettings({
  config,
  catalogue,
  services,
  capture,
  retain,
  changed,
  warn,
}: SettingsOptions): Settings {
  const shown = openThreshold(catalogue, 'threshold shown', config.logLevel)
  const captured = openThreshold(catalogue, 'threshold captured', config.captureLevel)
  const retention = openKeptRetention(catalogue, config.retention)
  const listeners = new Set<() => void>()
  const loggers = openLoggerLevels({
    directory: controlDirectory(config.stateDirectory),
    levelOf: shown.setFor,
    setMeanwhile: shown.setLevel,
    warn,
  })

  const levelIn = ({ level, ofSources }: Threshold, source: string): SeverityName =>
    Object.hasOwn(ofSources, source) ? ofSources[source]! : level

  async function apply(isCapture: boolean): Promise<void> {
    if (isCapture) await capture(captured.now())
    loggers.tell()
    for (const listener of listeners) listener()
    changed()
  }

  return {
    captured: captured.now,
    shown: {
      query(level) {
        if (!config.enableDashboardStreaming) return nothing
        return thresholdQuery(level === undefined ? shown.now() : { ...shown.now(), level, ofSources: {} })
      },
      onChange(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    shows({ source, severity, logger }) {
      const service = services.nameOf(source, logger)
      return severity >= severities[levelIn(shown.now(), source)] && !isIn(shown.now().withoutServices, service)
    },
    controlFileOf: loggers.fileOf,
    tendControlFiles: loggers.tend,
    trouble: loggers.trouble,
    levelsOf: (source) => ({
      shownLevel: levelIn(shown.now(), source),
      capturedLevel: levelIn(captured.now(), source),
    }),
    async setLevel(source, change) {
      if (change.shown) shown.setLevel(source, change.shown === 'default' ? undefined : change.shown)
      if (change.captured) captured.setLevel(source, change.captured === 'default' ? undefined : change.captured)
      await apply(change.captured !== undefined)
    },
    async setService(name, change) {
      if (change.shown !== undefined) shown.setService(name, change.shown)
      if (change.captured !== undefined) captured.setService(name, change.captured)
      await apply(change.captured !== undefined)
    },
    services() {
      const [hidden, left] = [shown.now().withoutServices, captured.now().withoutServices]
      const names = [...hidden, ...left.filter((name) => !isIn(hidden, name))]
      return names.map((name) => ({ name, shown: !isIn(hidden, name), captured: !isIn(left, name) })).sort(byName)
    },
    retention: retention.now,
    async setRetention(change) {
      await retain(retention.set(change))
    },
  }
}

const isIn = (names: readonly string[], name: string): boolean =>
  names.some((each) => each.toLowerCase() === name.toLowerCase())

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)
