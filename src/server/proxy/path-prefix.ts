// The path under which a proxy shows the hub to others, `/logs`: pages and cookies begin there. A proxy says it with every request;
// no page of another site can, since browsers let none set this header.
import type { IncomingHttpHeaders } from 'node:http'

/** Segments of letters, digits and - . _ ~, none of them dots alone: nothing that HTML, a cookie or a URL reads as something else. */
const prefixForm = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/
const mostCharacters = 200

/** Without a slash at the end; empty where there is none, or none that can be. */
export function pathPrefix({ 'x-forwarded-prefix': given }: IncomingHttpHeaders): string {
  const prefix = typeof given === 'string' ? given.replace(/\/$/, '') : ''
  return prefix.length <= mostCharacters && prefixForm.test(prefix) ? prefix : ''
}
