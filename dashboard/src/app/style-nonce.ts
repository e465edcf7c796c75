// The nonce of this page's content security policy, put where libraries look for it before they make a style: dialogs that lock
// the scrolling of the page do. The name is webpack's, as which they all know it.
declare global {
  var __webpack_nonce__: string | undefined
}

globalThis.__webpack_nonce__ = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce

export {}
