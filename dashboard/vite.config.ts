// How the dashboard becomes static files in dist/dashboard, which the hub serves; and its development server,
// which passes /api on to a running hub (LOGBOOM_URL).
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'

const hubUrl = process.env['LOGBOOM_URL'] ?? 'http://127.0.0.1:7420'

const config: UserConfig = defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative to <base>, since a proxy may show the hub under a path of its own.
  base: './',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: fileURLToPath(new URL('../dist/dashboard', import.meta.url)),
    emptyOutDir: true,
    // light-dark(), the base of both themes, must reach the browser as it is written.
    target: ['chrome123', 'firefox120', 'safari17.5'],
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: hubUrl, ws: true, changeOrigin: true } },
  },
})
export default config
