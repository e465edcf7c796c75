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
  leaveFirstPlace()
  becomeSmall()
  becomeSure()
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

// The first process of a container is given all orphans, and has to collect them when they end, which Node.js cannot
// (decisions/013). A shell that waits does, so it takes that place, with the hub as its child.
function leaveFirstPlace() {
  if (process.pid !== 1 || typeof process.execve !== 'function' || process.platform !== 'linux') return
  var script = [
    // A terminal sends its signal to both, and the hub takes two at once for one.
    "trap 'kill -INT $hub' INT",
    "trap 'kill -TERM $hub' TERM",
    "trap 'kill -HUP $hub' HUP",
    // What runs in the background is given no standard input by shells, unless it comes under another number.
    'exec 3<&0',
    '"$@" <&3 3<&- &',
    'hub=$!',
    'wait $hub; code=$?',
    // A signal ends the waiting.
    'while kill -0 $hub 2>/dev/null; do wait $hub; code=$?; done',
    'exit $code',
  ].join('\n')
  process.execve(
    '/bin/sh',
    ['/bin/sh', '-c', script, 'logboom', process.execPath].concat(process.execArgv, process.argv.slice(1)),
    process.env,
  )
}

// A hub lives long beside what it watches, so it starts itself again, as the same process, with settings that can only be
// given at the start: a small nursery and one arena of memory for all threads (a quarter less resident under load), and garbage
// collected by the thread that made it: heaps are small, and helpers cost more than they help (an eighth of all work).
function becomeSmall() {
  var longLived = ['up', 'run', 'agent'].indexOf(process.argv[2]) >= 0
  var settings = ['--max-semi-space-size=4', '--single-threaded-gc']
  if (process.env.LOGBOOM_ARENAS === 'ours') {
    // The processes of the hub shall not inherit it.
    delete process.env.MALLOC_ARENA_MAX
    delete process.env.LOGBOOM_ARENAS
  } else if (process.env.LOGBOOM_ARENAS === 'yours') {
    delete process.env.LOGBOOM_ARENAS
  } else if (longLived && typeof process.execve === 'function' && process.platform !== 'win32') {
    var ours = process.env.MALLOC_ARENA_MAX === undefined
    process.execve(
      process.execPath,
      [process.execPath].concat(settings, process.execArgv, process.argv.slice(1)),
      Object.assign(
        {},
        process.env,
        ours ? { MALLOC_ARENA_MAX: '1', LOGBOOM_ARENAS: 'ours' } : { LOGBOOM_ARENAS: 'yours' },
      ),
    )
  }
}

// The middle one of the engine's compilers sometimes makes objects that share a number which each should have of its own: of
// columns written one after the other, all began with the number of the last (decisions/081). It has not since these parts are off.
function becomeSure() {
  // Of later engines it is not known, and they may have other settings.
  if (Number(process.versions.v8.split('.')[0]) > 15) return
  var v8 = process.getBuiltinModule('node:v8')
  v8.setFlagsFromString('--no-maglev-escape-analysis')
  v8.setFlagsFromString('--no-maglev-osr')
}
