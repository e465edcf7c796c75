// A follower in a process of its own, as a browser would be: checks numbered lines as they come, and prints `ready`, then
// what was wrong with them once the line after all of them has come, and exits.
import { connect } from '../../src/client/index.ts'
import { numberOracle } from './number-oracle.ts'

const [url, query, prefix, count] = process.argv.slice(2) as [string, string, string, string]
const numbers = numberOracle('the follower')
const subscription = connect(url).follow(
  { query, after: 0 },
  {
    records(records) {
      for (const { message } of records) numbers.take(message)
      if (numbers.count(prefix) < Number(count)) return
      subscription.close()
      numbers.assertComplete(new Map([[prefix, Number(count)]]))
      console.log('complete')
    },
    state(state) {
      if (state === 'live') console.log('ready')
    },
  },
)
