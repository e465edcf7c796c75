// The templates of a block as the rest of Logboom means them: rare ones are stored whole, coloured ones with their colours, and
// have to be made from the text.
import type { TemplateRows } from '../../../query/summary/summary-part.ts'
import { templateId, templateOf, variableMark } from '../../../text/template.ts'
import type { SectionReader } from './sections.ts'
import { isColoured } from './colours.ts'
import { decodedTexts, isWhole, type StoredTemplate, type TemplatedColumn } from '../column/templated-column.ts'
import { readCodes } from '../column/stored-numbers.ts'

/** Each template and its rows; one may come several times. `ids`: of all rows. */
export function countTemplates(
  reader: SectionReader,
  { templates, codes }: TemplatedColumn,
  ids: Float64Array,
  mayBeColoured: boolean,
): TemplateRows[] {
  const newest = new Float64Array(templates.length)
  const wholeIds = templates.map((template) =>
    isMadeFromTexts(reader, template, mayBeColoured) ? ([] as number[]) : undefined,
  )
  readCodes(reader, codes, ids.length).forEach((code, row) => {
    newest[code] = ids[row]!
    wholeIds[code]?.push(ids[row]!)
  })
  return templates.flatMap((template, code) => {
    const whole = wholeIds[code]
    if (!whole) return [{ template: template.parts.join(variableMark), count: template.rows, newest: newest[code]! }]
    return decodedTexts(reader, template).map((text, i) => ({
      template: templateOf(text),
      count: 1,
      newest: whole[i]!,
    }))
  })
}

/** Marks the rows whose template has an id that begins so. */
export function markTemplates(
  reader: SectionReader,
  { templates, codes }: TemplatedColumn,
  count: number,
  beginnings: readonly string[],
  marks: Uint8Array,
  mayBeColoured: boolean,
): void {
  const isWanted = (template: string): boolean => {
    const id = templateId(template)
    return beginnings.some((beginning) => id.startsWith(beginning))
  }
  const wanted = templates.map((template) =>
    isMadeFromTexts(reader, template, mayBeColoured)
      ? decodedTexts(reader, template).map((text) => isWanted(templateOf(text)))
      : isWanted(template.parts.join(variableMark)),
  )
  const seen = new Uint32Array(templates.length)
  readCodes(reader, codes, count).forEach((code, row) => {
    const answer = wanted[code]!
    if (answer === true || (answer !== false && answer[seen[code]!])) marks[row] = 1
    seen[code]!++
  })
}

function isMadeFromTexts(reader: SectionReader, template: StoredTemplate, mayBeColoured: boolean): boolean {
  return isWhole(template) || (mayBeColoured && isColoured(reader, template, 'text'))
}
