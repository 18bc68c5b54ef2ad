import type { RouterOutputs } from '@steward/api'
import { client, trpc } from '../../session/trpc.ts'
import { paged } from '../../session/paged.ts'

export type Token = RouterOutputs['me']['listTokens']['pats'][number]

/** All of the person's tokens: the server gives them whole. */
export const tokenPages = paged({
  key: trpc.me.listTokens.queryKey({}),
  load: async (_page, signal) => ({ ...(await client.me.listTokens.query({}, { signal })), meta: {} }),
  rows: (answer) => answer.pats.toReversed(),
})

/** A token by what it was made for; those without a note by their kind. */
export function tokenName(token: Token): string {
  return token.note || 'Token without a note'
}
