import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { type RootOptions, createRoot } from 'react-dom/client'
import { StewardError } from '@steward/api/client'
import { router } from './router.tsx'
import { followTheme } from './ui/theme.ts'
import { queryClient } from './session/trpc.ts'
import './ui/base.css'

followTheme()
const root = document.getElementById('root')
if (!root) throw new Error('The page has no root element.')
// Refusals of the server are shown on the page; only what is our own fault belongs in the browser's log.
const options: RootOptions = {
  onCaughtError: (error) => void (error instanceof StewardError || console.error(error)),
}
createRoot(root, options).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
