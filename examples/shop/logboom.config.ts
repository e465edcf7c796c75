// A small shop as an example: five processes, three languages, one of them unreliable. `npm start` runs it.
import { defineConfig } from 'logboom'

const port = process.env['SHOP_PORT'] ?? '7431'
const node = process.execPath
const env = { SHOP_PORT: port, SHOP_URL: `http://127.0.0.1:${port}`, SHOP_NODE: node }

export default defineConfig({
  processes: {
    api: { command: [node, 'api.ts'], env },
    worker: {
      command:
        'command -v python3 >/dev/null || { echo "worker needs python3" >&2; exit 127; }; exec python3 worker.py',
      env,
    },
    report: { command: 'sh report.sh', env },
    traffic: { command: [node, 'traffic.ts'], env },
    supplier_feed: { command: [node, 'supplier-feed.ts'], env },
  },
})
