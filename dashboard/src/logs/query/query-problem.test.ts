import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogboomError } from '../../../../src/contracts/errors.ts'
import { parseQuery } from '../../../../src/query/language/parse-query.ts'
import { queryProblem } from './query-problem.ts'
import { composeQuery, type LogView } from '../view.ts'

test('a mistake is told where it stands in what was typed, whatever the filters and spaces around it', () => {
  const plain: LogView = { q: '', levels: [], sources: [], wrap: false, paused: false }
  for (const filters of [{}, { levels: ['ERROR' as const] }, { sources: ['web'] }])
    for (const lead of ['', '   ']) {
      const view: LogView = { ...plain, q: `${lead}paid level:nonsense`, ...filters }
      const { message, position } = queryProblem(view, errorOf(composeQuery(view)))!
      assert.equal(view.q.slice(position!.from, position!.to), 'nonsense')
      assert.match(message, new RegExp(`\\(at character ${lead.length + 12}\\)$`))
    }
  assert.equal(queryProblem(plain, new LogboomError('not-running', 'x')), undefined)
})

function errorOf(query: string): LogboomError {
  try {
    parseQuery(query)
  } catch (error) {
    return error as LogboomError
  }
  return assert.fail(`${query} was understood`)
}
