import { createFileRoute } from '@tanstack/react-router'
import { HomePage } from '../../../../home/home-page.tsx'
import { latestBotsOptions } from '../../../../home/home.ts'

export const Route = createFileRoute('/_app/w/$workspaceId/home')({
  // The heart of the page; the rest arrives with it or a moment later.
  loader: ({ context: { queryClient }, params: { workspaceId } }) =>
    void queryClient.prefetchQuery(latestBotsOptions(workspaceId)),
  component: HomePage,
})
