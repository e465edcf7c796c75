// Suggestions for a place in a query: words of the language, together with the names and values of recent records.
import type { FastifyInstance } from 'fastify'
import type { Caller } from '../../contracts/caller.ts'
import { completeQuery, type Wanted } from '../../query/language/complete.ts'
import { formatValue, isName } from '../../query/language/tokens.ts'
import type { Completion } from '../../wire/route-types.ts'
import type { ServedHub } from '../hub-interface.ts'
import { openRecent, type Recent } from './recent-values.ts'
import { mayReadRun } from '../own-job.ts'
import type { TakeTurn } from '../bounds/search-turns.ts'
import { serveRoute } from '../serve-route.ts'

type Offer = Completion['suggestions'][number]

const maxOffers = 50
/** A template that is longer is offered by its id. */
const maxTemplateCharacters = 120

export function addCompleteRoute(app: FastifyInstance, hub: ServedHub, takeTurn: TakeTurn): void {
  const recent = openRecent(hub.storage)
  serveRoute(app, 'complete', async ({ query, cursor }, reply, { caller }) => {
    await takeTurn(reply)
    const { from, to, wants, suggestions } = completeQuery(query, cursor)
    const found = await fromRecords(wants, hub, caller, recent.within(caller.within))
    return { from, to, suggestions: merged([...suggestions, ...found]).slice(0, maxOffers) }
  })
}

async function fromRecords(wants: Wanted, hub: ServedHub, caller: Caller, recent: Recent): Promise<Offer[]> {
  if (wants.type === 'name') {
    const names = matching(await recent.fieldNames(), wants.prefix, ({ value }) => value)
    return names
      .filter(({ value }) => isName(value))
      .map(({ value, count }) => ({ text: wants.operator ? `${value}:` : value, kind: 'name', detail: 'field', count }))
  }
  if (wants.type !== 'value') return []
  const { name, prefix, recorded, values } = wants
  const offer = ({ value, count }: { value: string; count?: number }): Offer => ({
    text: formatValue(values.find((own) => own === value.toLowerCase()) ?? value),
    kind: 'value',
    ...(count === undefined ? {} : { count }),
  })
  switch (recorded) {
    case 'nothing':
      return []
    case 'fields':
      return matching(await recent.fieldNames(), prefix, ({ value }) => value).map(offer)
    case 'templates':
      return matching(await recent.templates(), prefix, ({ template, id }) => `${id} ${template}`).map(
        ({ id, template, count }): Offer =>
          template.length > maxTemplateCharacters
            ? { text: id, kind: 'value', detail: template, count }
            : { text: `"${template.replace(/["\\]/g, '\\$&')}"`, kind: 'value', count },
      )
    case 'sources': {
      const known = hub
        .status()
        .sources.filter(({ name: each }) => caller.mayRead(each))
        .map((source) => ({ value: source.name }))
      const found = await recent.values(name, prefix)
      return matching<{ value: string; count?: number }>([...found, ...known], prefix, ({ value }) => value).map(offer)
    }
    case 'jobs': {
      const ids = hub.jobs
        .list()
        .filter((job) => mayReadRun(caller, job.source, job))
        .map(({ jobId, source }) => ({ value: jobId, detail: source }))
      return matching(ids, prefix, ({ value }) => value).map(({ value, detail }) => ({ ...offer({ value }), detail }))
    }
    case 'few-values':
      return matching(await recent.values(name, ''), prefix, ({ value }) => value).map(offer)
    case 'values':
      return matching(await recent.values(name, prefix), prefix, ({ value }) => value).map(offer)
  }
}

/** Items that begin with the prefix, then items that have it inside. */
function matching<Item>(items: readonly Item[], prefix: string, textOf: (item: Item) => string): Item[] {
  const wanted = prefix.toLowerCase()
  const places = items.map((item) => ({ item, at: textOf(item).toLowerCase().indexOf(wanted) }))
  return [...places.filter(({ at }) => at === 0), ...places.filter(({ at }) => at > 0)].map(({ item }) => item)
}

/** Of those that are the same, the first, with whatever is known of any. */
function merged(offers: readonly Offer[]): Offer[] {
  const known = new Map<string, Offer>()
  for (const offer of offers) known.set(offer.text, { ...offer, ...known.get(offer.text) })
  return [...known.values()]
}
