import { useQuery } from '@tanstack/react-query'
import { Building2 } from 'lucide-react'
import { defineFeature } from '../../commands/feature.ts'
import { trpc } from '../../session/trpc.ts'
import { accountCommands } from './commands.ts'

export const accountFeature = defineFeature({
  commands: accountCommands,
  section: { to: '/accounts', label: 'Accounts', icon: Building2, command: 'go.accounts' },
  crumb: {
    param: 'accountId',
    useName: (accountId) => useQuery(trpc.account.get.queryOptions({ accountId })).data?.name,
  },
  refresh: {
    account: () => [trpc.account.pathFilter()],
    transfer: () => [trpc.account.pathFilter()],
  },
})
