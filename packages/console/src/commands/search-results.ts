import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import type { NavigateOptions } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { meOptions } from '../session/me.ts'
import { allMembersOptions, nameOf } from '../session/members.ts'
import { trpc } from '../session/trpc.ts'
import { useMayHere } from '../session/use-workspace.ts'
import { allWorkspacesOptions } from '../session/workspaces.ts'
import type { Entry } from './palette-groups.ts'
import type { Recent } from './recent.ts'

/** Something with a name that the palette leads to. */
export interface SearchResult extends Entry {
  kind: Exclude<Recent['kind'], 'command'>
  name: string
  /** What else it is known by. */
  about?: string
  to: NavigateOptions
  recent: Recent
}

interface Named {
  id: string
  name: string
  about?: string
}

/** Bots, members and workspaces by name. Bots are searched by the server: there may be many. */
export function useSearchResults(
  text: string,
  recent: readonly Recent[],
): { results: SearchResult[]; searching: boolean } {
  const { workspaceId, may } = useMayHere()
  const { bots, searching } = useBots(workspaceId, text.trim())
  const { data: members = [] } = useQuery({
    ...allMembersOptions(workspaceId ?? ''),
    enabled: workspaceId !== null && may('member.list'),
  })
  // On the pages before the shell nobody is asked.
  const signedIn = useQueryClient().getQueryData(meOptions().queryKey) !== undefined
  const { data: workspaces = [] } = useQuery({ ...allWorkspacesOptions(), enabled: signedIn })
  const people = members.map((member) => ({ id: member.id, name: nameOf(member), about: member.email }))
  const places = workspaces.map(({ id, name }) => ({ id, name }))
  const all = { bot: bots, member: people, workspace: places } satisfies Record<SearchResult['kind'], readonly Named[]>
  const here = (kind: SearchResult['kind'], one: Named): SearchResult => searchResultOf(kind, one, workspaceId)
  const loaded = kinds.flatMap((kind) => all[kind].map((one) => here(kind, one)))
  // Those chosen lately need not be among the ones that were loaded.
  const remembered = recent.flatMap((one) =>
    one.kind === 'command' || (one.workspaceId !== null && one.workspaceId !== workspaceId) ? [] : here(one.kind, one),
  )
  const results = new Map([...remembered, ...loaded].map((result) => [`${result.kind} ${result.id}`, result]))
  return { results: [...results.values()], searching }
}

const kinds = ['bot', 'member', 'workspace'] as const
const headings = { bot: 'Bots', member: 'Members', workspace: 'Workspaces' }

function searchResultOf(
  kind: SearchResult['kind'],
  { id, name, about }: Named,
  workspaceId: string | null,
): SearchResult {
  return {
    kind,
    id,
    name,
    ...(about !== undefined && { about }),
    heading: headings[kind],
    names: [name, about ?? '', id],
    to: addressOf(kind, id, workspaceId ?? ''),
    recent: { kind, id, name, workspaceId: kind === 'workspace' ? null : workspaceId },
  }
}

function addressOf(kind: SearchResult['kind'], id: string, workspaceId: string): NavigateOptions {
  if (kind === 'bot') return { to: '/w/$workspaceId/bots/$botId/overview', params: { workspaceId, botId: id } }
  if (kind === 'workspace') return { to: '/w/$workspaceId/home', params: { workspaceId: id } }
  return { to: '/w/$workspaceId/members', params: { workspaceId }, search: { inspect: id } }
}

/** The ones changed last, and those whose name has what was typed. */
function useBots(workspaceId: string | null, typed: string) {
  const search = useSettled(typed)
  const latest = {
    workspaceId: workspaceId ?? '',
    pageSize: 100,
    sortField: 'updatedAt',
    sortDirection: 'desc',
  } as const
  const { data: newest } = useQuery({ ...trpc.bot.list.queryOptions(latest), enabled: workspaceId !== null })
  // A server that cannot search leaves the text out, and answers with the newest.
  const wanted = { ...latest, search, pageSize: 20 }
  const found = useQuery({
    ...trpc.bot.list.queryOptions(wanted),
    // All of them are known already.
    enabled: workspaceId !== null && search !== '' && newest?.meta.nextToken !== undefined,
    placeholderData: keepPreviousData,
  })
  const all = [...(newest?.bots ?? []), ...(search === '' ? [] : (found.data?.bots ?? []))]
  const bots = [...new Map(all.map((bot) => [bot.id, bot])).values()]
  return { bots, searching: found.isFetching || search !== typed }
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
