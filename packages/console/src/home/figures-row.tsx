import { useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import { allMembersOptions } from '../session/members.ts'
import { trpc } from '../session/trpc.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { number } from '../ui/time-text.ts'
import { useNow } from '../ui/time.tsx'
import { useWorkspace } from '../session/use-workspace.ts'
import { latestBotsOptions } from './home.ts'

const week = 7 * 86_400_000

/** Every figure leads to what it is made of. */
export function FiguresRow() {
  const { workspaceId, workspace, may } = useWorkspace()
  const { data: latest } = useQuery(latestBotsOptions(workspaceId))
  const { data: members } = useQuery(allMembersOptions(workspaceId))
  const mayInvite = may('member.listInvitations')
  const { data: open } = useQuery({
    ...trpc.member.listInvitations.queryOptions({ workspaceId, pageSize: 100 }),
    enabled: mayInvite,
  })
  const now = useNow()
  const deployed = latest?.bots.filter(({ deployedAt }) => deployedAt && Date.parse(deployedAt) > now - week).length
  const params = { workspaceId }
  return (
    <ul className="flex flex-wrap gap-px overflow-hidden rounded-lg border border-n5 bg-n5">
      <Figure name="Bots" value={number(workspace.botCount)} link={{ to: '/w/$workspaceId/bots', params }} />
      <Figure
        name="Deployed in 7 days"
        value={deployed === undefined ? undefined : number(deployed) + (latest?.meta.nextToken ? '+' : '')}
        link={{ to: '/w/$workspaceId/bots', params, search: { sort: 'updatedAt.desc' } }}
      />
      <Figure
        name="Members"
        value={members && number(joined(members))}
        link={{ to: '/w/$workspaceId/members', params }}
      />
      {mayInvite && (
        <Figure
          name="Pending invitations"
          value={open && number(open.invitations.length) + (open.meta.nextToken ? '+' : '')}
          link={{ to: '/w/$workspaceId/members', params }}
        />
      )}
    </ul>
  )
}

/** Who is invited is listed too, without a person behind it yet. */
function joined(members: readonly { userId?: string | undefined }[]): number {
  return members.filter(({ userId }) => userId !== undefined).length
}

function Figure({ name, value, link }: { name: string; value: string | undefined; link: LinkProps }) {
  return (
    <li className="min-w-40 flex-1 bg-raised">
      <Link {...link} className="block px-4 py-3 hover:bg-n2 focus-visible:outline-offset-[-2px]">
        <span className="block text-sm text-n11">{name}</span>
        <span className="block h-8 text-2xl font-semibold">{value ?? <Skeleton className="mt-1.5 h-6 w-12" />}</span>
      </Link>
    </li>
  )
}
