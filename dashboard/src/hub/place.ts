// The place where the page is served: at the root of the hub, or under a path that a proxy has for it. <base> says it.

/** `/`, or `/logs/`. */
export const basePath: string = new URL('.', document.baseURI).pathname

/** `http://127.0.0.1:7420/`, or `https://example.org/logs/`. */
export const hubUrl: string = new URL('.', document.baseURI).href
