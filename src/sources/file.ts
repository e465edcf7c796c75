// Files that others write: options as people write them, and what follows them.
import { resolve } from 'node:path'
import type { z } from 'zod'
import { type Source, type SourceContext, type SourceType } from '../contracts/source.ts'
import { encodings } from '../contracts/source-storage.ts'
import type { FileOptions } from '../files/file-options.ts'
import { followFiles } from '../files/follow-files.ts'
import type { Zod } from '../contracts/zod.ts'
import { maskText } from '../secrets/mask-text.ts'
import { formatAmount, formatSize } from '../text/amounts.ts'

function options(z: Zod): z.ZodType<FileOptions> {
  const word = z.string().min(1)
  const list = z.union([word.transform((one) => [one]), z.array(word)])
  const whole = z.strictObject({
    paths: list.refine((paths) => paths.length > 0, 'names no file'),
    exclude: list.default([]),
    start: z.enum(['beginning', 'end']).default('end'),
    encoding: z.enum(encodings).default('utf-8'),
    compressed: z.boolean().default(false),
    allow: list.default([]),
    title: word.optional(),
  })
  // `files: { nginx: /var/log/nginx/*.log }`
  const short = z.union([word, z.array(word)]).transform((paths) => ({ paths }))
  return z.union([short.pipe(whole), whole]) as unknown as z.ZodType<FileOptions>
}

export const fileSource: SourceType<FileOptions> = { type: 'file', section: 'files', options, open: openFiles }

function openFiles(fileOptions: FileOptions, context: SourceContext): Promise<Source> {
  // Files have one life, which goes on from hub to hub.
  const row = context.runs.open().at(-1) ?? context.runs.resume({})
  const followed = followFiles(
    {
      ...fileOptions,
      base: context.baseDirectory,
      run: row.run,
      tell: (message) =>
        void context.push({ run: row.run, pid: 0 }, [{ kind: 'event', severity: 13, message }]).catch(() => undefined),
      changed: context.changed,
    },
    context,
  )
  const shown = fileOptions.paths.map((path) => resolve(context.baseDirectory, path)).join(', ')
  return Promise.resolve({
    status: () => ({
      name: context.name,
      type: 'file',
      state: 'running',
      run: row.run,
      command: maskText(shown),
      startedAt: row.startedAt,
      restarts: 0,
      backlogBytes: followed.backlogBytes(),
      detail: detailOf(followed.count(), followed.backlogBytes()),
    }),
    close: followed.close,
  })
}

/** Less is what is being read anyway. */
const backlogWorthTelling = 1024 * 1024

export function detailOf(count: number, backlogBytes: number): string {
  if (count === 0) return 'waits for a file of this name'
  const reads = `reads ${formatAmount(count, 'file')}`
  return backlogBytes < backlogWorthTelling ? reads : `${reads}, ${formatSize(backlogBytes)} not read yet`
}
