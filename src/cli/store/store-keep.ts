// `logboom store keep`: other rules of retention for a hub that runs, and for those that come after it.
import type { RetentionParameters } from '../../wire/route-types.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { findHub } from '../hub/find-hub.ts'
import { formatRetention } from './format-retention.ts'

/** The hub understands limits, and says what is wrong with one. */
export async function storeKeep({
  age,
  size,
  source,
  json = false,
  ...place
}: PlaceOptions & RetentionParameters & { json?: boolean }): Promise<void> {
  const { client } = await findHub(place)
  const retention = await client.setRetention({
    ...(age === undefined ? {} : { age }),
    ...(size === undefined ? {} : { size }),
    ...(source === undefined ? {} : { source }),
  })
  console.log(json ? JSON.stringify(retention, null, 2) : `Kept: ${formatRetention(retention)}`)
}
