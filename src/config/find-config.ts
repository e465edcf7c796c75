// Which file a directory's configuration is in.
import { existsSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { LogboomError } from '../contracts/errors.ts'

export type ConfigFormat = 'module' | 'yaml' | 'json' | 'procfile'

/** In order of preference. */
export const configNames: readonly string[] = [
  'logboom.config.ts',
  'logboom.config.mts',
  'logboom.config.js',
  'logboom.config.mjs',
  'logboom.config.yaml',
  'logboom.config.yml',
  'logboom.config.json',
  'Procfile',
]

/** Absolute path of the directory's configuration, undefined when it has none. Two at once are an error, not a riddle. */
export function findConfig(directory: string): string | undefined {
  const found = configNames.filter((name) => existsSync(join(directory, name)))
  const configs = found.filter((name) => name !== 'Procfile')
  if (configs.length > 1) {
    throw new LogboomError('config-invalid', `${configs.join(' and ')} are both here, and only one can count`, {
      hint: 'Remove one of them, or name the right one with --config FILE.',
    })
  }
  return found[0] === undefined ? undefined : resolve(directory, found[0])
}

/** A file named by the user; it must be there and of a known kind. */
export function checkConfigFile(file: string): string {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new LogboomError('config-missing', `there is no file ${file}`, {
      hint: 'Correct the path after --config, or leave it out to use the one in this directory.',
    })
  }
  return file
}

export function configFormat(file: string): ConfigFormat {
  const name = basename(file)
  if (/\.[cm]?[jt]s$/i.test(name)) return 'module'
  if (/\.ya?ml$/i.test(name)) return 'yaml'
  if (/\.json$/i.test(name)) return 'json'
  if (/procfile/i.test(name)) return 'procfile'
  throw new LogboomError('config-invalid', `${name}: this is no kind of configuration that Logboom reads`, {
    hint: `Call it ${configNames.join(', ')}.`,
  })
}
