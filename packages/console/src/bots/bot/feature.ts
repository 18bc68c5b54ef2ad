import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Bot } from 'lucide-react'
import { useEffect, useState } from 'react'
import { type Named, type SearchPlace, defineFeature } from '../../commands/feature.ts'
import { trpc } from '../../session/trpc.ts'
import { botCommands } from './commands.ts'

export const botFeature = defineFeature({
  commands: botCommands,
  section: { to: '/w/$workspaceId/bots', label: 'Bots', icon: Bot, command: 'go.bots', permission: 'bot.list' },
  source: {
    kind: 'bot',
    noun: ['Bot', 'Bots'],
    useNamed: useBotsByName,
    to: (botId, workspaceId) => ({ to: '/w/$workspaceId/bots/$botId/overview', params: { workspaceId, botId } }),
  },
  crumb: {
    param: 'botId',
    useName: (id, workspaceId) => useQuery(trpc.bot.get.queryOptions({ workspaceId, id })).data?.bot.name,
    neighbours: {
      label: 'Switch bot',
      useOptions: (workspaceId) =>
        (useQuery(trpc.bot.list.queryOptions(latest(workspaceId))).data?.bots ?? []).map(({ id, name }) => ({
          value: id,
          label: name,
        })),
    },
  },
  refresh: {
    bot: () => [trpc.bot.pathFilter(), trpc.version.pathFilter()],
    botKey: () => [trpc.bot.pathFilter()],
    version: () => [trpc.version.pathFilter()],
  },
})

/** Those changed last. */
function latest(workspaceId: string) {
  return { workspaceId, pageSize: 100, sortField: 'updatedAt', sortDirection: 'desc' } as const
}

/** The ones changed last, and those whose name has what was typed: the server searches, for there may be many. */
function useBotsByName(typed: string, { workspaceId }: SearchPlace): { found: readonly Named[]; searching: boolean } {
  const search = useSettled(typed)
  const query = latest(workspaceId ?? '')
  const { data: newest } = useQuery({ ...trpc.bot.list.queryOptions(query), enabled: workspaceId !== null })
  const named = useQuery({
    // A server that cannot search leaves the text out, and answers with the newest.
    ...trpc.bot.list.queryOptions({ ...query, search, pageSize: 20 }),
    // All of them are known already.
    enabled: workspaceId !== null && search !== '' && newest?.meta.nextToken !== undefined,
    placeholderData: keepPreviousData,
  })
  const all = [...(newest?.bots ?? []), ...(search === '' ? [] : (named.data?.bots ?? []))]
  const found = [...new Map(all.map(({ id, name }) => [id, { id, name }])).values()]
  return { found, searching: named.isFetching || search !== typed }
}

/** Waits until nothing was typed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 80)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
