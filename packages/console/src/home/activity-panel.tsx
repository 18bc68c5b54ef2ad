import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { actionWords } from '../audit/action-words.ts'
import { readSetting, writeSetting } from '../setting.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { Surface } from '../ui/surface.tsx'
import { count } from '../ui/time-text.ts'
import { Time } from '../ui/time.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { DayChart } from './day-chart.tsx'
import { type LastDay, barsOf } from './home.ts'

const shown = 5

/** The last day as one quiet chart, and the newest changes; what came since the last visit is marked. */
export function ActivityPanel({ trail: { data, error, refetch } }: { trail: UseQueryResult<LastDay> }) {
  const { workspaceId, me } = useWorkspace()
  const since = useLastVisit(workspaceId)
  return (
    <Surface
      title="Last 24 hours"
      {...(data && { about: `${count(data.records.length, ['change', 'changes'])}${data.more ? ' and more' : ''}` })}
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
        <div className="p-4">
          <SkeletonLines />
        </div>
      ) : (
        <>
          <DayChart bars={barsOf(data)} />
          <ul className="border-t border-n5 py-1">
            {data.records.slice(0, shown).map((record) => (
              <li key={record.id} className="flex min-h-9 items-center gap-2.5 px-4">
                <Avatar name={record.userEmail ?? 'System'} className="size-5" />
                <span className="min-w-0 flex-1 truncate">
                  {record.userId === me.id ? 'You' : (record.userEmail ?? 'Steward')} {actionWords(record.action)}
                  {record.resourceName && <span className="text-n11"> {record.resourceName}</span>}
                </span>
                {since !== null && record.recordedAt > since && record.userId !== me.id && <Badge>New</Badge>}
                <Time at={record.recordedAt} className="shrink-0 text-sm text-n10" />
              </li>
            ))}
            {data.records.length === 0 && <li className="px-4 py-2 text-n11">Nothing was changed.</li>}
          </ul>
        </>
      )}
    </Surface>
  )
}

/** When this browser last showed this workspace's home; null the first time. */
function useLastVisit(workspaceId: string): string | null {
  const [since, setSince] = useState(() => ({ workspaceId, at: readSetting(`seen.${workspaceId}`) }))
  if (since.workspaceId !== workspaceId) setSince({ workspaceId, at: readSetting(`seen.${workspaceId}`) })
  useEffect(() => () => writeSetting(`seen.${workspaceId}`, new Date().toISOString()), [workspaceId])
  return since.at
}
