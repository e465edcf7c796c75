// What the tests read out of the dashboard: lines of a card, and every line that the Logs page holds, not only those in sight.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Locator, Page } from 'playwright-core'

export interface ShownLine {
  id: number
  text: string
}

/** Pages change under one's hands: `condition` may throw while it does not hold; what it threw last is told in the end. */
export async function until<Value>(
  what: string,
  condition: () => Promise<Value | false>,
  timeoutMs = 20_000,
): Promise<Value> {
  let last: unknown
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(25)) {
    try {
      const value = await condition()
      if (value) return value
      last = value
    } catch (error) {
      last = error
    }
  }
  return assert.fail(`waited ${timeoutMs} ms in vain for: ${what}\nlast: ${String(last)}`)
}

export function cardOf(page: Page, source: string): Locator {
  return page.locator(`[data-testid=process-card][data-source="${source}"]`)
}

export function cardLines(page: Page, source: string): Promise<ShownLine[]> {
  return cardOf(page, source)
    .getByTestId('card-line')
    .evaluateAll((lines) => lines.map((line) => ({ id: Number(line.dataset['id']), text: line.textContent ?? '' })))
}

/** The rows in sight, and a few around them. */
export function rowsInSight(place: Page | Locator): Promise<ShownLine[]> {
  return place.getByTestId('log-row').evaluateAll((rows) =>
    rows
      .map((row) => ({
        id: Number(row.dataset['id']),
        text: row.querySelector('[data-testid=log-message]')?.textContent ?? '',
      }))
      .toSorted((a, b) => a.id - b.id),
  )
}

/**
 * Every row of the Logs page from the oldest to the newest, by scrolling through it all; best when nothing comes any more.
 * A place that shows two records is a fault of the list and throws.
 */
export async function allRows(page: Page): Promise<ShownLine[]> {
  const list = page.getByTestId('log-list')
  await until('the oldest line', async () => {
    await list.evaluate((element) => (element.scrollTop = 0))
    return (await page.getByTestId('log-edge').textContent()) === 'Nothing older'
  })
  const found = await list.evaluate(async (element) => {
    const seen: [place: number, id: number, text: string][] = []
    // A busy machine draws late: rows are taken once they fill what is in sight.
    const look = async (): Promise<void> => {
      for (let tries = 0; tries < 500; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        const box = element.getBoundingClientRect()
        const rows = [...element.querySelectorAll('[data-testid=log-row]')]
        const covered = rows.reduce((sum, row) => {
          const { top, bottom } = row.getBoundingClientRect()
          return sum + Math.max(0, Math.min(bottom, box.bottom) - Math.max(top, box.top))
        }, 0)
        if (covered < Math.min(element.clientHeight, element.firstElementChild.clientHeight) - 40) continue
        for (const row of rows) {
          const message = row.querySelector('[data-testid=log-message]')
          seen.push([Number(row.ariaRowIndex), Number(row.dataset['id']), message?.textContent ?? ''])
        }
        return
      }
      throw new Error(`nothing is drawn at ${element.scrollTop} of ${element.scrollHeight}`)
    }
    for (element.scrollTop = 0; ; element.scrollTop += element.clientHeight - 100) {
      await look()
      if (element.scrollTop + element.clientHeight >= element.scrollHeight - 1) return seen
    }
  })
  const rows = new Map<number, ShownLine>()
  for (const [place, id, text] of found) {
    assert.equal(rows.get(place)?.id ?? id, id, `row ${place} shows two records`)
    rows.set(place, { id, text })
  }
  return [...rows].toSorted(([a], [b]) => a - b).map(([, row]) => row)
}

/** Numbers of lines `n=…`, in the order in which they stand. */
export function numbersOf(lines: readonly { text: string }[]): number[] {
  return lines.flatMap(({ text }) => {
    const match = /\bn=(\d+)/.exec(text)
    return match ? [Number(match[1])] : []
  })
}

/** Each number one more than the one before it: nothing is missing, nothing comes twice. */
export function assertConsecutive(numbers: readonly number[], what: string): void {
  const broken = numbers.findIndex((number, index) => index > 0 && number !== numbers[index - 1]! + 1)
  assert.equal(broken, -1, `${what}: ${numbers.slice(Math.max(0, broken - 3), broken + 4).join(', ')}`)
}

/** So that only ids that grow are accepted as the order of lines. */
export function assertAscending(lines: readonly ShownLine[], what: string): void {
  const broken = lines.findIndex(({ id }, index) => index > 0 && id <= lines[index - 1]!.id)
  assert.equal(broken, -1, `${what}: id ${lines[broken]?.id} after ${lines[broken - 1]?.id}`)
}
