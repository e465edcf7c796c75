// The library that parts write the schemas of their options in, as a type alone.
import type { z } from 'zod'

/**
 * The argument of a part's `options`. A part does not import zod itself, because the storage worker loads the parts too
 * and never checks options: there zod would be 8 MB and a slower start for nothing.
 */
export type Zod = typeof z
