import { createFileRoute, redirect } from '@tanstack/react-router'

export const Route = createFileRoute('/_app/w/$workspaceId/')({
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/w/$workspaceId/home', params, replace: true })
  },
})
