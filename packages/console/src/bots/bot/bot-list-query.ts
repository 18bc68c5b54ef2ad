import type { RouterInputs } from '@steward/api'
import { textOf } from '../../base/search.ts'
import { conditionsOf, defineFilters, parseSort, splitPair } from '../../page/list/conditions.ts'
import { deployedLabel, typeOptions } from './bot-labels.ts'

export type BotListQuery = RouterInputs['bot']['list']

export const botFilters = defineFilters({
  q: { kind: 'text', label: 'Name' },
  type: { kind: 'choice', label: 'Type', options: typeOptions },
  state: {
    kind: 'choice',
    label: 'State',
    options: [
      { value: 'deployed', label: deployedLabel(true) },
      { value: 'not-deployed', label: deployedLabel(false) },
    ],
  },
  tag: { kind: 'pair', label: 'Tag' },
})

const orders: readonly NonNullable<BotListQuery['sortField']>[] = ['name', 'createdAt', 'updatedAt']

/** What the list of bots asks the server for, read off its address. */
export function botListQuery(workspaceId: string, search: Record<string, unknown>): BotListQuery {
  const { q, type, state, tag } = conditionsOf(botFilters, search)
  const sort = parseSort(search['sort'], orders)
  return {
    workspaceId,
    ...(textOf(search, 'dev') === 'true' && { dev: true }),
    // No name is longer, and the server refuses to look for it.
    ...(q && { search: q.trim().slice(0, 200).toWellFormed() }),
    ...(type && { type: type as NonNullable<BotListQuery['type']> }),
    ...(state && { deployed: state === 'deployed' }),
    ...(tag && { tags: Object.fromEntries(tag.map(splitPair)) }),
    ...(sort && { sortField: sort.by as NonNullable<BotListQuery['sortField']>, sortDirection: sort.direction }),
  }
}
