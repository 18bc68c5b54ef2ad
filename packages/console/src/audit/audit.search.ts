import { defineSearch } from '../base/search.ts'
import { listSearch } from '../page/list/list.search.ts'

export const auditDialogs = ['verify', 'export', 'erase'] as const

export const auditSearch = defineSearch({
  ...listSearch,
  action: 'text',
  userId: 'text',
  from: 'text',
  until: 'text',
  do: auditDialogs,
})
