#!/usr/bin/env node
// The door, in old JavaScript, so that a Node.js that is too old still understands it and can say so.
// Kept free of imports for the same reason; everything else is loaded once the version is known to do.
/* eslint-disable no-var */
var found = process.versions.node
var parts = found.split('.')
var major = Number(parts[0])
var minor = Number(parts[1])

if (major < 24 || (major === 24 && minor < 12)) {
  console.error(
    'logboom: needs Node.js 24.12 or newer, and this is Node.js ' +
      found +
      ' (' +
      process.execPath +
      ')\n' +
      '  Install a newer one from https://nodejs.org, or with a version manager: nvm install --lts',
  )
  process.exitCode = 1
} else {
  void Promise.all([import('node:fs'), import('node:module')])
    .then(function (modules) {
      var fs = modules[0]
      // Compiled code is kept between starts: half the time to start, and from source 30 MB less for every thread.
      modules[1].enableCompileCache()
      // In a checkout the sources themselves are run; the package has only what was compiled from them.
      var source = new URL('../src/cli/main.ts', import.meta.url)
      return import(fs.existsSync(source) ? source.href : new URL('../dist/src/cli/main.js', import.meta.url).href)
    })
    .then(function (cli) {
      return cli.main(process.argv)
    })
}
