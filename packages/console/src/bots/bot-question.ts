import type { RouterInputs } from '@steward/api'
import { textOf } from '../search.ts'
import { client, trpc } from '../trpc.ts'
import { conditionsOf, parseSort, splitPair } from '../ui/list/conditions.ts'
import { type Paged, paged } from '../ui/list/paged.ts'
import type { BotSummary } from './bot.ts'
import { botFilters } from './bot-columns.tsx'

type Question = RouterInputs['bot']['list']

const orders: readonly NonNullable<Question['sortField']>[] = ['name', 'createdAt', 'updatedAt']

/** What the list of bots asks the server for, read off its address. */
export function botQuestion(workspaceId: string, search: Record<string, unknown>): Question {
  const { q, type, state, tag } = conditionsOf(botFilters, search)
  const sort = parseSort(search['sort'], orders)
  return {
    workspaceId,
    ...(textOf(search, 'dev') === 'true' && { dev: true }),
    // No name is longer, and the server refuses to look for it.
    ...(q && { search: q.trim().slice(0, 200) }),
    ...(type && { type: type as NonNullable<Question['type']> }),
    ...(state && { deployed: state === 'deployed' }),
    ...(tag && { tags: Object.fromEntries(tag.map(splitPair)) }),
    ...(sort && { sortField: sort.by as NonNullable<Question['sortField']>, sortDirection: sort.direction }),
  }
}

export function botPages(question: Question): Paged<BotSummary> {
  return paged({
    key: trpc.bot.list.queryKey(question),
    load: (page, signal) => client.bot.list.query({ ...question, ...page }, { signal }),
    rows: (answer) => answer.bots,
  })
}
