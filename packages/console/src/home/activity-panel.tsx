import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { changeLabel, changeLabelBefore } from '../audit/action-labels.ts'
import { useActor } from '../audit/use-actor.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { Surface } from '../ui/surface.tsx'
import { number } from '../ui/time-text.ts'
import { Time } from '../ui/time.tsx'
import { useWorkspace } from '../session/use-workspace.ts'
import { DayChart } from './day-chart.tsx'
import { type AuditRecord, type LastDay, barsOf } from './home.ts'
import { useLastVisit } from './last-visit.ts'

/** As many as fit beside the rest on a screen of 800 pixels. */
const shown = 5

/** The last day as one quiet chart, and the newest changes; what came since the last visit is marked and comes first. */
export function ActivityPanel({ trail: { data, error, refetch } }: { trail: UseQueryResult<LastDay> }) {
  const { workspaceId, me } = useWorkspace()
  const since = useLastVisit(workspaceId)
  const isNew = ({ userId, recordedAt }: AuditRecord): boolean =>
    since !== null && recordedAt > since && userId !== me.id
  const fresh = data?.records.filter(isNew) ?? []
  const rest = data?.records.filter((record) => !isNew(record)) ?? []
  return (
    <Surface
      title="Last 24 hours"
      {...(data && {
        count: `${number(data.records.length)}${data.more ? '+' : ''}`,
        about: since !== null && <About day={data} fresh={fresh.length} since={since} />,
      })}
      action={
        <Button asChild look="link" size="inline">
          <Link to="/w/$workspaceId/audit" params={{ workspaceId }}>
            Audit trail
          </Link>
        </Button>
      }
      flush
    >
      {error && !data ? (
        <ErrorState error={error} retry={() => void refetch()} className="py-6" />
      ) : !data ? (
        <div className="px-4 pb-4">
          <SkeletonLines />
        </div>
      ) : (
        <>
          <DayChart bars={barsOf(data)} />
          <ul className="border-t border-n5 py-1">
            {[...fresh, ...rest].slice(0, shown).map((record) => (
              <Row key={record.id} record={record} fresh={isNew(record)} />
            ))}
            {data.records.length === 0 && <li className="px-4 py-2 text-n11">Nothing was changed.</li>}
          </ul>
        </>
      )}
    </Surface>
  )
}

function Row({ record, fresh }: { record: AuditRecord; fresh: boolean }) {
  const { workspaceId } = useWorkspace()
  const { id, resourceName, recordedAt } = record
  const { name, you } = useActor(record)
  return (
    <li>
      <Link
        to="/w/$workspaceId/audit"
        params={{ workspaceId }}
        search={{ inspect: id }}
        className="flex min-h-8 items-center gap-2.5 px-4 hover:bg-n2 focus-visible:outline-offset-[-2px]"
      >
        <Avatar name={name} className="size-5" />
        <span className="min-w-0 flex-1 truncate">
          {you ? 'You' : name} {resourceName ? changeLabelBefore(record) : changeLabel(record)}
          {resourceName && <span className="text-n11"> {resourceName}</span>}
        </span>
        {fresh && <Badge>New</Badge>}
        <Time at={recordedAt} className="shrink-0 text-sm text-n10" />
      </Link>
    </li>
  )
}

/** How much of it is news to who looks. */
function About({ day: { more, from }, fresh, since }: { day: LastDay; fresh: number; since: string }) {
  // Who was away for longer than a day has missed more than is read here.
  const least = more || Date.parse(since) < from ? '+' : ''
  return (
    <>
      {fresh === 0 && least === '' ? 'Nothing' : `${fresh}${least}`} new since your last visit <Time at={since} />
    </>
  )
}
