import { defineSearch } from '../../base/search.ts'
import { listSearch } from '../../page/list/list.search.ts'

export const memberDialogs = ['invite', 'leave', 'transfer'] as const

export const membersSearch = defineSearch({
  ...listSearch,
  q: 'text',
  role: 'text',
  state: ['joined', 'invited', 'expired'],
  do: memberDialogs,
})

/** `explain` is the permission that is asked about, `person` a user's id, `bot` a bot's. */
export const rolesSearch = defineSearch({ q: 'text', explain: 'text', person: 'text', bot: 'text' })
