/*
 * The data layer: one client, one query cache, and `trpc`, which makes typed options for both:
 *   useQuery(trpc.bot.get.queryOptions({ id }))        useSuspenseQuery(…), ensureQueryData(…) in loaders
 *   useChange(trpc.bot.update.mutationOptions(), …)    mutations: see ui/change.ts
 *   paged(…)                                           lists that load further pages: see session/paged.ts
 */
import { QueryCache, QueryClient, MutationCache } from '@tanstack/react-query'
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query'
import type { AppRouter } from '@steward/api'
import { createClient, type Client } from '@steward/api/client'
import { connection } from './connection.ts'
import { failureOf } from '../base/failure.ts'
import { isWatched, personBack } from './session-end.ts'

export const client: Client = createClient({
  url: '',
  fetch: (url, init) => connection.fetch(url, init),
  // What no page elsewhere can send: over plain http nothing else says whose page this is.
  headers: { 'x-requested-with': 'steward' },
  idempotencyKeys: true,
  stream: true,
  again: async (error, context) => {
    if (error.type !== 'Unauthorized' || context[asksWho] === true || !mayReturn()) return false
    await personBack()
    return true
  },
})

/** In the context of a call: who is there is what it asks, so a refusal is an answer. */
export const asksWho = 'asksWho'

/** Whether somebody is shown here who could sign in again: on the desktop that is the shell's business. */
function mayReturn(): boolean {
  return connection.kind === 'web' && isWatched() && queryClient.getQueryData(trpc.me.get.queryKey({})) !== undefined
}

type Listener = () => void
let onSignedOut: Listener = () => {}

/** Called when an answer says that the session has ended, and nobody can take it up again on this page. */
export function whenSignedOut(listener: Listener): void {
  onSignedOut = listener
}

/** Reading `me` tells the guard whether somebody is signed in; there a refusal is an answer. */
function notice(error: unknown): void {
  if (failureOf(error).type === 'Unauthorized') onSignedOut()
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => void (query.meta?.['guard'] || notice(error)) }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    // Without a network of its own a browser takes itself for offline, and yet reaches a Steward on this computer.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 15_000,
      gcTime: 10 * 60_000,
      // Asking again helps when the way was broken, not when the answer was no.
      retry: (count, error) => count < 2 && failureOf(error).unreachable,
      retryDelay: (count) => 400 * 2 ** count,
    },
  },
})

export const trpc: TRPCOptionsProxy<AppRouter> = createTRPCOptionsProxy<AppRouter>({ client, queryClient })
