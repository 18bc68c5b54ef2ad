import { createFileRoute, redirect } from '@tanstack/react-router'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/$botId/')({
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/w/$workspaceId/bots/$botId/overview', params, replace: true })
  },
})
