// Addresses of modules that are named by URL, for workers and hooks: they run from source in a checkout and from compiled
// files in the package, and the compiler does not rewrite addresses as it does imports.

/** `./house-worker` beside the module at `importMetaUrl`, with that module's own extension. */
export function siblingUrl(importMetaUrl: string, path: string): URL {
  return new URL(path + (importMetaUrl.endsWith('.ts') ? '.ts' : '.js'), importMetaUrl)
}
