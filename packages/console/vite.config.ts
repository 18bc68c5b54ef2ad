import tailwindcss from '@tailwindcss/vite'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig, loadEnv } from 'vite'

/** What the server sends with the page, so that `vite preview` shows what it would refuse. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/*
 * One build for both shells, with base "/" so that deep links work. Nothing becomes a data: address and nothing is
 * written into the page, so that the policy can stay "own origin only".
 */
export default defineConfig(({ mode }) => {
  const server = loadEnv(mode, import.meta.dirname, 'STEWARD_')['STEWARD_URL'] ?? 'http://127.0.0.1:7420'
  // The server takes sessions from its own origin only; while developing, the page's origin is Vite's.
  const proxied = { target: server, changeOrigin: true, headers: { origin: server } }
  const proxy = Object.fromEntries(['/trpc', '/auth', '/v1', '/openapi.json'].map((at) => [at, proxied]))
  return {
    base: '/',
    plugins: [
      tanstackRouter({ target: 'react', autoCodeSplitting: true, addExtensions: true, quoteStyle: 'single' }),
      react(),
      tailwindcss(),
    ],
    resolve: {
      alias: {
        // Radix locks scrolling with a style element, which the policy refuses. Ours needs none.
        'react-remove-scroll': fileURLToPath(new URL('src/ui/remove-scroll.tsx', import.meta.url)),
      },
    },
    build: {
      outDir: 'dist',
      assetsInlineLimit: 0,
      sourcemap: false,
      rolldownOptions: {
        // The schemas declare shapes and do nothing else: those that a page does not name are left out.
        treeshake: { moduleSideEffects: (id: string) => !/packages\/api\/src\//.test(id) },
      },
    },
    server: { port: 5173, proxy },
    preview: { port: 4173, proxy, headers: { 'content-security-policy': policy } },
  }
})
