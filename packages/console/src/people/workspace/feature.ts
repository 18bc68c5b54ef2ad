import { type QueryFilters, useQuery } from '@tanstack/react-query'
import { Settings } from 'lucide-react'
import { defineFeature } from '../../commands/feature.ts'
import { trpc } from '../../session/trpc.ts'
import { allWorkspacesOptions } from '../../session/workspaces.ts'
import { workspaceCommands } from './commands.ts'

/** The workspace says how many bots and members it has. */
const ofWorkspace = (id: string): QueryFilters[] => [
  { queryKey: trpc.workspace.get.queryKey({ id }) },
  trpc.workspace.list.pathFilter(),
]

export const workspaceFeature = defineFeature({
  commands: workspaceCommands,
  section: {
    to: '/w/$workspaceId/settings',
    label: 'Settings',
    icon: Settings,
    command: 'go.settings',
    permission: 'workspace.get',
  },
  source: {
    kind: 'workspace',
    noun: ['Workspace', 'Workspaces'],
    useNamed: (_text, { signedIn }) => {
      const { data = [] } = useQuery({ ...allWorkspacesOptions(), enabled: signedIn })
      return { found: data.map(({ id, name }) => ({ id, name })) }
    },
    to: (workspaceId) => ({ to: '/w/$workspaceId/home', params: { workspaceId } }),
    everywhere: true,
  },
  refresh: {
    workspace: ofWorkspace,
    bot: ofWorkspace,
    member: ofWorkspace,
    preference: () => [trpc.workspace.getPreference.pathFilter()],
  },
})
