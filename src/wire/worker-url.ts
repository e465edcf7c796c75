// Workers are started from source in a checkout and from compiled files in the package; the compiler does not rewrite
// their addresses as it does imports.

/** `./seal-worker` beside the module at `importMetaUrl`, with that module's own extension. */
export function workerUrl(importMetaUrl: string, path: string): URL {
  return new URL(path + (importMetaUrl.endsWith('.ts') ? '.ts' : '.js'), importMetaUrl)
}
