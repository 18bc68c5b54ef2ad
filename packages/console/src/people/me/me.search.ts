import { defineSearch } from '../../base/search.ts'
import { listSearch } from '../../page/list/list.search.ts'

export const tokenDialogs = ['create'] as const
export const sessionDialogs = ['sign-out-everywhere'] as const

export const tokensSearch = defineSearch({
  ...listSearch,
  q: 'text',
  state: ['active', 'ending', 'expired'],
  use: 'text',
  do: tokenDialogs,
})

export const sessionsSearch = defineSearch({ do: sessionDialogs })

/** `error` is why an identity provider could not be linked. */
export const securitySearch = defineSearch({ error: 'text' })
