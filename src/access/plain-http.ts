// The warning of a hub that others reach without TLS; told when it starts, and for as long as it is so.

/** Somebody between could read along. */
export function plainHttp(host: string): string {
  return (
    `Passwords, sessions and log lines cross the network in plain text: the hub serves ${host} over http. ` +
    'Give it a certificate (--tls-cert, --tls-key), or let it listen on 127.0.0.1 behind a proxy that has one.'
  )
}
