// winston and bunyan of an application that does not know of us: their code is told to hand itself over when it is loaded.
import module from 'node:module'
import { tell } from '../tell.ts'

/** Gets what the library exports, right after it was loaded. */
export type Patch = (exported: never) => void

export interface LibraryPatch {
  /** End of the address of the library's main file. */
  file: string
  patch: Patch
}

const registry = Symbol.for('logboom-logger.patches')

/** For `require` and `import` alike, in every version and copy of the libraries. */
export function patchLibraries(patches: readonly LibraryPatch[]): void {
  if (typeof module.registerHooks !== 'function') {
    tell(
      'hooks',
      `Node ${process.versions.node} cannot change libraries while they load; winston and bunyan need 22.15`,
    )
    return
  }
  ;(globalThis as Record<symbol, unknown>)[registry] = patches.map(({ patch }) => (exported: never): void => {
    try {
      patch(exported)
    } catch (error) {
      tell('patch', `A library could not be listened to (${String(error)}); the application goes on`)
    }
  })
  module.registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      const index = patches.findIndex(({ file }) => url.split('?', 1)[0]!.endsWith(file))
      const { source } = loaded
      if (index < 0 || source === null || source === undefined) return loaded
      const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString()
      const call = `globalThis[Symbol.for(${JSON.stringify(registry.description)})][${index}](module.exports)`
      return { ...loaded, source: `${text}\n;${call};\n` }
    },
  })
}
