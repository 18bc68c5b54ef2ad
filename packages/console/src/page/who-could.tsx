import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Permission, RouterOutputs } from '@steward/api'
import { nameOf, roleLabels } from '../session/members.ts'
import { trpc } from '../session/trpc.ts'
import { useWorkspace } from '../session/use-workspace.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { count } from '../ui/time-text.ts'

/** Members by name, with their roles. */
export function WhoList({ who }: { who: RouterOutputs['member']['explain']['who'] }) {
  const { workspaceId, me } = useWorkspace()
  return (
    <ul>
      {who.members.map((member) => (
        <li key={member.id}>
          <Link
            to="/w/$workspaceId/members"
            params={{ workspaceId }}
            search={{ inspect: member.id }}
            className="-mx-2 flex min-h-8 items-center gap-2 rounded-sm px-2 hover:bg-n3"
          >
            <Avatar name={nameOf(member)} className="size-5" />
            <span className="min-w-0 flex-1 truncate">
              {nameOf(member)}
              {member.userId === me.id && <span className="text-n10"> (you)</span>}
            </span>
            <span className="text-sm text-n10">{roleLabels[member.role].label}</span>
          </Link>
        </li>
      ))}
      {who.more && <li className="px-2 text-sm text-n10">and others</li>}
    </ul>
  )
}

/** Who could do what the reader may not, under a refusal: `<ForbiddenState …><WhoCould permission="audit.list" /></ForbiddenState>`. */
export function WhoCould({ permission }: { permission: Permission }) {
  const { workspaceId } = useWorkspace()
  const { data, error } = useQuery(trpc.member.explain.queryOptions({ workspaceId, permission }))
  if (error) return null
  return (
    <div className="mt-4 w-64 text-left">
      <p className="mb-1 text-sm text-n10">
        {data ? (
          `${count(data.who.members.length, ['person', 'people'])}${data.who.more ? ' and more' : ''} can do this:`
        ) : (
          <Skeleton />
        )}
      </p>
      {data && (
        <WhoList
          who={{
            ...data.who,
            members: data.who.members.slice(0, 6),
            more: data.who.more || data.who.members.length > 6,
          }}
        />
      )}
    </div>
  )
}
