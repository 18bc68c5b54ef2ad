import { State } from '../ui/badge.tsx'
import { type MemberRow, stateOf } from './members.ts'

export function MemberStateBadge({ row }: { row: MemberRow }) {
  const state = stateOf(row)
  if (state === 'joined') return <State tone="good">Member</State>
  return state === 'expired' ? <State tone="warn">Invitation ended</State> : <State tone="info">Invited</State>
}
