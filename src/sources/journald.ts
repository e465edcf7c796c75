// systemd's journal: what a person may set, and who follows it.
import { resolve } from 'node:path'
import type { z } from 'zod'
import { followJournal, type JournalOptions } from '../journal/follow-journal.ts'
import type { Source, SourceContext, SourceType } from '../contracts/source.ts'
import type { Zod } from '../contracts/zod.ts'

export interface JournaldOptions extends JournalOptions {
  title?: string | undefined
}

const priorities = 'emerg alert crit err warning notice info debug'.split(' ')

function options(z: Zod): z.ZodType<JournaldOptions> {
  const listOf = (one: z.ZodType<string>): z.ZodType<string[]> =>
    z.union([one.transform((only) => [only]), z.array(one)]).default([])
  const word = z.string().min(1)
  const field = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'must be the name of a field, as in ORDER_ID')
  const match = z.string().regex(/^[A-Z_][A-Z0-9_]*=/, 'must be a field and its value, as in _TRANSPORT=kernel')
  return z.strictObject({
    units: listOf(word),
    priority: z.enum(priorities).optional(),
    matches: listOf(match),
    directory: word.optional(),
    start: z.enum(['beginning', 'end']).default('end'),
    fields: listOf(field),
    title: word.optional(),
  }) as unknown as z.ZodType<JournaldOptions>
}

export const journaldSource: SourceType<JournaldOptions> = {
  type: 'journald',
  section: 'journald',
  options,
  open: openJournald,
}

function openJournald(journaldOptions: JournaldOptions, context: SourceContext): Promise<Source> {
  // A journal has one life, which goes on from hub to hub.
  const row = context.runs.open().at(-1) ?? context.runs.resume({})
  const origin = { run: row.run, pid: 0 }
  const { directory } = journaldOptions
  const followed = followJournal(
    { ...journaldOptions, directory: directory && resolve(context.baseDirectory, directory) },
    {
      push: (entries, cursor) => context.push(origin, entries, cursor),
      savedCursor: context.lastOnce,
      tell: (severity, message) =>
        void context.push(origin, [{ kind: 'event', severity, message }]).catch(() => undefined),
      changed: context.changed,
    },
  )
  return Promise.resolve({
    status: () => ({
      name: context.name,
      type: 'journald',
      state: followed.isReading() ? 'running' : 'stopped',
      run: row.run,
      startedAt: row.startedAt,
      restarts: 0,
      detail: followed.detail(),
    }),
    close: followed.close,
  })
}
