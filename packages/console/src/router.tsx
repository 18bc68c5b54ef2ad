import { createRouter } from '@tanstack/react-router'
import { routeTree } from './routeTree.gen.ts'
import { parseSearch, printSearch } from './base/search.ts'
import { setDraftOwner } from './base/drafts.ts'
import { client, queryClient, trpc, whenSignedOut } from './session/trpc.ts'
import { NotFound } from './shell/not-found.tsx'
import { PageError } from './shell/page-error.tsx'
import { PageWaiting } from './shell/page-waiting.tsx'

export const router = createRouter({
  routeTree,
  context: { queryClient, trpc, client },
  parseSearch,
  stringifySearch: printSearch,
  defaultPreload: 'intent',
  defaultPreloadDelay: 40,
  // Query decides what is fresh.
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 200,
  defaultPendingMinMs: 0,
  scrollRestoration: true,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFound,
  defaultPendingComponent: PageWaiting,
})

whenSignedOut(() => {
  const { pathname, href } = router.state.location
  if (pathname === '/sign-in') return
  // Drafts stay for who comes back.
  queryClient.clear()
  setDraftOwner(null)
  void router.navigate({ to: '/sign-in', search: href === '/' ? {} : { next: href }, ignoreBlocker: true })
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
