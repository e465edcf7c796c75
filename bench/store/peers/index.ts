// All that take part, in the order of the tables; the first is what the others are compared with.
import { createRequire } from 'node:module'
import type { PeerType } from '../peer.ts'
import { embeddedPeer } from './embedded.ts'
import { logboom } from './logboom.ts'
import { ripgrep } from './ripgrep.ts'
import { victoriaLogs } from './victoria-logs.ts'

export const peerTypes: readonly PeerType[] = [
  logboom,
  embeddedPeer({
    name: 'Logboom store',
    about:
      "the store by itself, in process: no hub and no HTTP; its ingest parses the JSON to objects, which the hub's does not",
    library: 'logboom-store',
  }),
  victoriaLogs,
  embeddedPeer({
    name: 'chdb',
    about:
      'in process, reads the file itself, told which column to look in; MergeTree by source and time, bloom filters',
    library: 'chdb',
    missing: () => (isInstalled('chdb') ? undefined : 'npm install --no-save chdb (half a gigabyte)'),
  }),
  embeddedPeer({
    name: 'SQLite',
    about:
      'in process; rows, indexes on time, source and level, FTS5 unicode61: whole words only, insides of words by scan',
    library: 'sqlite',
    variant: 'unicode61',
  }),
  embeddedPeer({
    name: 'SQLite trigram',
    about: 'the same with FTS5 trigram: also the insides of words',
    library: 'sqlite',
    variant: 'trigram',
  }),
  ripgrep,
  embeddedPeer({
    name: 'unit',
    about: 'JSON.parse of every line and zstd level 1 of the same bytes, for which no store is needed',
    library: 'unit',
  }),
]

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}
