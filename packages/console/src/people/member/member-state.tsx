import { State } from '../../ui/badge.tsx'
import { type MemberRow, stateOf } from './member-rules.ts'

export function MemberStateBadge({ row }: { row: MemberRow }) {
  const state = stateOf(row)
  if (state === 'joined') return <span className="text-n11">Member</span>
  return state === 'expired' ? <State tone="warn">Invitation expired</State> : <State tone="info">Invited</State>
}
