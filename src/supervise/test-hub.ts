// For tests: a hub of one process, to be killed. Arguments: directory, options of the process as JSON.
import { openSupervisor } from './supervisor.ts'
import { openTestContext, testOptions } from './test-context.ts'

const [directory = '', options = '{}'] = process.argv.slice(2)
const context = openTestContext(directory)
await openSupervisor('process', testOptions(JSON.parse(options) as object), context)
setInterval(() => {}, 1000)
