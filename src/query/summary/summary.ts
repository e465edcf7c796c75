// A summary of many records, without the records: counts over time, values, templates, fields. One accumulator for
// all stores; it is fed matching rows in columns, or counts that a store knows without reading.
import type { RecordBatch } from '../../contracts/batch.ts'
import type { Summary, SummaryRequest } from '../../contracts/request.ts'
import { openServices } from '../../text/services.ts'
import { openFacet } from './summary-facet.ts'
import { openFields } from './summary-fields.ts'
import { openHistogram } from './summary-histogram.ts'
import type { KnownCounts, SummaryPart } from './summary-part.ts'
import { openTemplates } from './summary-templates.ts'

const defaultFacetLimit = 10

export interface OpenSummary {
  /** Rows that match (see openMatcher), each once. */
  add(batch: RecordBatch): void
  /**
   * Instead of `add`, for all matching rows of some stretch of the log at once. May be used where it is certain which
   * records match: when nothing in the query but levels, sources, runs, sessions and times that lie on full minutes or
   * outside the stretch decides, and the stretch lies wholly within `after` and `before`; `cells` are then those of the
   * levels and minutes asked for. False, and nothing is added, when the request wants what the counts do not tell.
   */
  addKnown(known: KnownCounts): boolean
  /** The summary of all that was added so far. */
  result(): Omit<Summary, 'through' | 'done'>
}

/** Throws `request-invalid`. */
export function openSummary(request: SummaryRequest): OpenSummary {
  const { facetLimit = defaultFacetLimit, templates: templateLimit = 0 } = request
  const histogram = request.histogram && openHistogram(request.histogram)
  const services = openServices(request.serviceNames)
  const facets = request.facets?.map((name) => openFacet(name, services))
  const templates = templateLimit > 0 ? openTemplates() : undefined
  const fields = request.fields ? openFields() : undefined
  const parts = [histogram, ...(facets ?? []), templates, fields].filter((part): part is SummaryPart & typeof part =>
    Boolean(part),
  )
  const rowParts = parts.filter(({ addRow }) => addRow)
  let count = 0
  return {
    add(batch) {
      count += batch.count
      for (const part of parts) part.add?.(batch)
      for (let i = 0; i < batch.count && rowParts.length > 0; i++) for (const part of rowParts) part.addRow!(batch, i)
    },
    addKnown(known) {
      if (!parts.every((part) => part.takes(known))) return false
      for (const cell of known.cells) count += cell.count
      for (const part of parts) part.addKnown(known)
      return true
    },
    result: () => ({
      count,
      ...(histogram ? { histogram: histogram.result() } : {}),
      ...(facets ? { facets: facets.map((facet) => facet.result(facetLimit)) } : {}),
      ...(templates ? { templates: templates.result(templateLimit) } : {}),
      ...(fields ? { fields: fields.result() } : {}),
    }),
  }
}
