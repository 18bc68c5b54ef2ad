import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { trpc } from '../session/trpc.ts'
import { type Tone, State } from '../ui/badge.tsx'
import { Surface } from '../ui/surface.tsx'
import { count, number } from '../ui/time-text.ts'
import { Time, useNow } from '../ui/time.tsx'
import { useWorkspace } from '../session/use-workspace.ts'
import { type Concern, concernsOf } from './home.ts'

const shown = 4
const words: Record<Concern['kind'], { tone: Tone; word: string }> = {
  token: { tone: 'warn', word: 'Token expires' },
  invitation: { tone: 'info', word: 'Invited' },
  'expired invitation': { tone: 'warn', word: 'Invitation expired' },
}

/** What waits for somebody to act. */
export function ConcernsPanel() {
  const { workspaceId, may } = useWorkspace()
  const { data: tokens } = useQuery(trpc.me.listTokens.queryOptions({}))
  const { data: open } = useQuery({
    ...trpc.member.listInvitations.queryOptions({ workspaceId, pageSize: 100 }),
    enabled: may('member.listInvitations'),
  })
  const now = useNow()
  const concerns = concernsOf({ invitations: open?.invitations ?? [], tokens: tokens?.pats ?? [] }, now)
  const waiting = !tokens || (may('member.listInvitations') && !open)
  if (waiting) return null
  return (
    <Surface title="Needs attention" flush {...(concerns.length > 0 && { count: number(concerns.length) })}>
      {concerns.length === 0 ? (
        <p className="flex items-center gap-2 px-4 pb-4 text-n11">
          <CircleCheck className="size-4 text-good" aria-hidden />
          {may('member.listInvitations')
            ? 'No pending invitations, and none of your tokens expire soon.'
            : 'None of your tokens expire soon.'}
        </p>
      ) : (
        <ul className="pb-2">
          {concerns.slice(0, shown).map((concern) => (
            <Row key={concern.id} concern={concern} workspaceId={workspaceId} />
          ))}
          {concerns.length > shown && <More concerns={concerns.slice(shown)} workspaceId={workspaceId} />}
        </ul>
      )}
    </Surface>
  )
}

/** What is not shown, where it is listed. */
function More({ concerns, workspaceId }: { concerns: readonly Concern[]; workspaceId: string }) {
  const look = 'text-accent-text underline-offset-3 hover:underline'
  const tokens = concerns.filter(({ kind }) => kind === 'token').length
  const invitations = concerns.length - tokens
  return (
    <li className="flex gap-3 px-4 pt-1 text-sm">
      {tokens > 0 && (
        <Link to="/me/tokens" className={look}>
          {count(tokens, ['more token', 'more tokens'])}
        </Link>
      )}
      {invitations > 0 && (
        <Link to="/w/$workspaceId/members" params={{ workspaceId }} className={look}>
          {count(invitations, ['more invitation', 'more invitations'])}
        </Link>
      )}
    </li>
  )
}

function Row({ concern: { text, at, kind }, workspaceId }: { concern: Concern; workspaceId: string }) {
  const { tone, word } = words[kind]
  const look = 'flex min-h-8 items-center gap-3 px-4 hover:bg-n2 focus-visible:outline-offset-[-2px]'
  const content = (
    <>
      <State tone={tone}>{word}</State>
      <span className="min-w-0 flex-1 truncate" title={text}>
        {text}
      </span>
      <Time at={at} className="shrink-0 text-sm text-n10" />
    </>
  )
  return (
    <li>
      {kind === 'token' ? (
        <Link to="/me/tokens" className={look}>
          {content}
        </Link>
      ) : (
        <Link
          to="/w/$workspaceId/members"
          params={{ workspaceId }}
          search={{ state: kind === 'invitation' ? 'invited' : 'expired' }}
          className={look}
        >
          {content}
        </Link>
      )}
    </li>
  )
}
