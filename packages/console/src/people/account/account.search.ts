import { defineSearch } from '../../base/search.ts'
import { listSearch } from '../../page/list/list.search.ts'

export const accountsDialogs = ['create-organization', 'create-workspace'] as const
export const accountDialogs = ['create-workspace'] as const

export const accountsSearch = defineSearch({
  ...listSearch,
  q: 'text',
  kind: ['organization', 'individual'],
  do: accountsDialogs,
})

export const accountSearch = defineSearch({ do: accountDialogs })
