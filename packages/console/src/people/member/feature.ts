import { useQuery } from '@tanstack/react-query'
import { Users } from 'lucide-react'
import { defineFeature } from '../../commands/feature.ts'
import { allMembersOptions, nameOf } from '../../session/members.ts'
import { trpc } from '../../session/trpc.ts'
import { memberCommands } from './commands.ts'

export const memberFeature = defineFeature({
  commands: memberCommands,
  section: {
    to: '/w/$workspaceId/members',
    label: 'Members',
    icon: Users,
    command: 'go.members',
    permission: 'member.list',
  },
  source: {
    kind: 'member',
    noun: ['Member', 'Members'],
    useNamed: (_text, { workspaceId, may }) => {
      const enabled = workspaceId !== null && may('member.list')
      const { data = [] } = useQuery({ ...allMembersOptions(workspaceId ?? ''), enabled })
      return { found: data.map((member) => ({ id: member.id, name: nameOf(member), about: member.email })) }
    },
    to: (id, workspaceId) => ({ to: '/w/$workspaceId/members', params: { workspaceId }, search: { inspect: id } }),
    unkept: true,
  },
  refresh: {
    member: () => [trpc.member.pathFilter()],
    invitation: () => [trpc.member.pathFilter()],
  },
})
