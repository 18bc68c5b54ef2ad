import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import { changeLabel, changeLabelBefore } from '../../audit/action-labels.ts'
import { sentence } from '../../audit/audit.ts'
import { trpc } from '../../session/trpc.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton, CopyId } from '../../ui/copy.tsx'
import { ErrorNote } from '../../ui/error-state.tsx'
import type { RowAction } from '../../page/list/list.types.ts'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Fact, Facts } from '../../ui/surface.tsx'
import { Time } from '../../ui/time.tsx'
import { failureOf } from '../../base/failure.ts'
import { useWorkspace } from '../../session/use-workspace.ts'
import { MemberStateBadge } from './member-state.tsx'
import type { MemberRow } from './member-rules.ts'
import { nameOf, roleLabels } from '../../session/members.ts'
import { RoleMenu } from './role-menu.tsx'

/** One member: who they are, what their role lets them, and what they did lately. */
export function MemberInspector({ row, actions }: { row: MemberRow | undefined; actions: RowAction[] }) {
  const { workspaceId, may } = useWorkspace()
  if (!row) return <p className="text-n11">This member is not in the list, or no longer in the workspace.</p>
  const { invitation, userId } = row
  return (
    <div className="flex flex-col gap-5">
      <div className="flex items-center gap-3">
        <Avatar name={nameOf(row)} className="size-10 text-sm" />
        <div className="min-w-0">
          <p className="truncate font-semibold">{nameOf(row)}</p>
          <p className="flex items-center gap-1 text-n11">
            <span className="truncate">{row.email}</span>
            <CopyButton text={row.email} />
          </p>
        </div>
      </div>
      <Facts>
        <Fact name="Role">
          <RoleMenu member={row} inspector />
          <p className="text-sm text-n10">{roleLabels[row.role].about}</p>
        </Fact>
        <Fact name="State">
          <MemberStateBadge row={row} />
        </Fact>
        <Fact name={userId === undefined ? 'Invited' : 'Since'}>
          <Time at={row.createdAt} />
        </Fact>
        {invitation && (
          <Fact name={invitation.expired ? 'Link ended' : 'Link ends'}>
            <Time at={invitation.expiresAt} />
          </Fact>
        )}
        <Fact name="Member id">
          <CopyId id={row.id} />
        </Fact>
        {userId !== undefined && (
          <Fact name="User id">
            <CopyId id={userId} />
          </Fact>
        )}
      </Facts>
      {userId !== undefined && (
        <Link
          to="/w/$workspaceId/members/roles"
          params={{ workspaceId }}
          search={{ explain: 'bot.update', person: userId }}
          className="inline-flex items-center gap-1 text-accent-text underline-offset-3 hover:underline"
        >
          What they can do, and why
          <ArrowRight className="size-3.5" aria-hidden />
        </Link>
      )}
      {userId !== undefined && may('audit.list') && <RecentActivity userId={userId} />}
      {actions.length > 0 && (
        <div className="flex flex-wrap gap-2 border-t border-n5 pt-4">
          {actions.map(({ label, icon: Icon, run, danger, reason }) => (
            <Button
              key={label}
              size="small"
              look={danger ? 'dangerQuiet' : 'plain'}
              onClick={run}
              disabled={reason !== undefined}
              title={reason}
            >
              {Icon && <Icon aria-hidden />}
              {label}
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}

/** The newest of what they did, from the audit trail. */
function RecentActivity({ userId }: { userId: string }) {
  const { workspaceId } = useWorkspace()
  const { data, error } = useQuery(trpc.audit.list.queryOptions({ id: workspaceId, userId, pageSize: 6 }))
  return (
    <section>
      <header className="mb-1 flex items-baseline justify-between gap-2">
        <h3 className="font-semibold">Recent activity</h3>
        <Button asChild look="link" size="inline">
          <Link to="/w/$workspaceId/audit" params={{ workspaceId }} search={{ userId }}>
            Audit trail
          </Link>
        </Button>
      </header>
      {error ? (
        <ErrorNote failure={failureOf(error)} />
      ) : !data ? (
        <SkeletonLines />
      ) : data.records.length === 0 ? (
        <p className="text-n11">No activity in this workspace.</p>
      ) : (
        <ul>
          {data.records.map((record) => (
            <li key={record.id} className="flex min-h-7 items-baseline justify-between gap-3">
              <span className="min-w-0 truncate">
                {sentence(record.resourceName ? changeLabelBefore(record) : changeLabel(record))}
                {record.resourceName && <span className="text-n11"> {record.resourceName}</span>}
              </span>
              <Time at={record.recordedAt} className="shrink-0 text-sm text-n10" />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
