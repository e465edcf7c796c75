// Lines of widespread loggers, made at random: how many have their time and their level, and that none has a wrong time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordAt } from '../../contracts/batch.ts'
import { makeLines, type MadeLine } from './layouts-harness.ts'
import { captured, stagesOf, throughStages } from './stages-harness.ts'

const zoneOffset = 120

interface Read {
  made: MadeLine
  time: 'right' | 'none' | 'wrong'
  isLevelRight: boolean
}

function readAll(lines: readonly MadeLine[]): Read[] {
  const batch = throughStages(
    stagesOf({ timezone: '+02:00' }),
    lines.map(({ line }) => line),
  )
  return lines.map((made, i) => {
    const { time, severity } = recordAt(batch, i)
    const isRight = made.time !== undefined && Math.floor(time) === made.time
    return {
      made,
      time: time === captured ? 'none' : isRight ? 'right' : 'wrong',
      isLevelRight: made.severity === undefined || made.severity === severity,
    }
  })
}

test('of lines of widespread loggers times and levels are found, and no time is wrong', () => {
  const read = readAll(makeLines(7, 40, captured, zoneOffset))
  assert.deepEqual(
    read.filter(({ time }) => time === 'wrong').map(({ made }) => made.line),
    [],
  )
  const missing = new Map<string, string>()
  for (const { made, time, isLevelRight } of read)
    if (made.layout !== 'sentence' && (time === 'none' || !isLevelRight)) missing.set(made.layout, made.line)
  assert.deepEqual([...missing], [])
})
