// `logboom templates`: what is said most often.
import type { TemplateCount } from '../../contracts/request.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { selectRecords, type SelectOptions } from './select-records.ts'
import { formatRanking, summarize, warnIfApproximate } from './summarize.ts'

export interface TemplatesOptions extends PlaceOptions, SelectOptions {
  limit: number
  json?: boolean
}

export async function templates(words: string[], options: TemplatesOptions): Promise<void> {
  const selected = selectRecords(words, options)
  const { templates: ranking } = await summarize({ ...selected, templates: options.limit }, options)
  if (options.json) return void process.stdout.write(`${JSON.stringify(ranking, null, 2)}\n`)
  const { other } = ranking!
  // The id of the newest is what `logboom context` takes.
  const columns = ({ newest, template }: TemplateCount): [string, string] => [String(newest), template]
  process.stdout.write(formatRanking(ranking!, columns, [[other, '(other templates)']]))
  warnIfApproximate(ranking!, 'templates')
}
