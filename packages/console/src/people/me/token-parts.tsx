import { State } from '../../ui/badge.tsx'
import { useNow } from '../../ui/time.tsx'
import { lifeOf } from './token-life.ts'
import { scopeLabels } from './token-scopes.ts'
import type { Token } from './tokens.ts'

export function TokenState({ token }: { token: Token }) {
  const { state } = lifeOf(token, useNow())
  if (state === 'expired') return <State tone="neutral">Expired</State>
  return state === 'ending' ? <State tone="warn">Expires soon</State> : <State tone="good">Active</State>
}

/** What a token is narrowed to, in one line. */
export function TokenReach({ token }: { token: Token }) {
  if (!token.scopes) return <span className="text-n11">Everything you can do</span>
  const words = scopeLabels(token.scopes)
  return <span title={words.join('\n')}>{words.join(', ')}</span>
}
