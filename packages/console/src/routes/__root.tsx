import type { QueryClient } from '@tanstack/react-query'
import { Outlet, createRootRouteWithContext } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Client } from '@steward/api/client'
import { CommandCenter } from '../commands/command-center.tsx'
import { commands, sources } from '../shell/features.ts'
import { NotFound } from '../shell/not-found.tsx'
import type { trpc } from '../session/trpc.ts'
import { Toaster } from '../ui/toaster.tsx'
import { TooltipProvider } from '../ui/tooltip.tsx'

export interface RouterContext {
  queryClient: QueryClient
  trpc: typeof trpc
  client: Client
}

export const Route = createRootRouteWithContext<RouterContext>()({ component: Root, notFoundComponent: Missing })

function Root(): ReactNode {
  return (
    <TooltipProvider>
      <CommandCenter commands={commands} sources={sources}>
        <Outlet />
      </CommandCenter>
      <Toaster />
    </TooltipProvider>
  )
}

/** Outside of the shell there is no main landmark yet. */
function Missing(): ReactNode {
  return (
    <main>
      <NotFound />
    </main>
  )
}
