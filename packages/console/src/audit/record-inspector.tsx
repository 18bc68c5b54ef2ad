import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { localPath } from '../base/links.ts'
import { Eraser } from 'lucide-react'
import { trpc } from '../session/trpc.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Badge, State } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { CopyAs } from '../page/copy-as/copy-as.tsx'
import { requestOf } from '../page/copy-as/request.ts'
import { CodeBlock, CopyId } from '../ui/copy.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { Fact, Facts } from '../ui/surface.tsx'
import { localTime, utcTime } from '../ui/time-text.ts'
import { useWorkspace } from '../session/use-workspace.ts'
import { changeLabel } from './action-labels.ts'
import type { RecordDetails } from './audit.ts'
import { useActor } from './use-actor.ts'
import { ChangeLines } from './change-lines.tsx'

/** One record whole: what changed, who did it with what, and its place in the chain. */
export function RecordInspector({ recordId, onErase }: { recordId: string; onErase: (userId: string) => void }) {
  const { workspaceId } = useWorkspace()
  const options = trpc.audit.describe.queryOptions({ id: workspaceId, recordId })
  // A record never changes, except that its personal data may be erased.
  const { data, error, refetch } = useQuery({ ...options, staleTime: 60_000 })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} className="py-8" />
  if (!data) return <SkeletonLines lines={8} />
  return (
    <div className="flex flex-col gap-5">
      <About record={data.record} />
      {data.record.erased ? (
        <div className="rounded-sm border border-n5 bg-n2 p-3">
          <State tone="neutral">Erased</State>
          <p className="mt-1.5 text-n11">
            The personal data of this record was erased. The record stays in the chain, and a later erasure record
            refers to it.
          </p>
        </div>
      ) : (
        <section>
          <h3 className="mb-2 font-semibold">What changed</h3>
          <ChangeLines before={data.record.before} after={data.record.after} />
        </section>
      )}
      <Chain record={data.record} />
      <section>
        <header className="mb-2 flex items-center justify-between">
          <h3 className="font-semibold">Raw record</h3>
          <CopyAs request={requestOf(options.queryKey)} />
        </header>
        <CodeBlock code={JSON.stringify(data.record, null, 2)} label="The record as JSON" />
      </section>
      <Erase record={data.record} onErase={onErase} />
    </div>
  )
}

function About({ record }: { record: RecordDetails }) {
  const { workspaceId } = useWorkspace()
  const { userId, recordedAt, value, credential, ip, userAgent } = record
  const { name } = useActor(record)
  return (
    <div>
      <div className="mb-4 flex items-start gap-3">
        <Avatar name={name} className="size-9 text-sm" />
        <p className="min-w-0 leading-5">
          <span className="block truncate font-semibold">{name}</span>
          <span className="block truncate text-n11">
            {record.userEmail === name ? changeLabel(record) : (record.userEmail ?? changeLabel(record))}
          </span>
        </p>
      </div>
      <Facts>
        <Fact name="When">
          {localTime(Date.parse(recordedAt))}
          <span className="block text-sm text-n10">{utcTime(Date.parse(recordedAt))}</span>
        </Fact>
        <Fact name="On">
          <Subject record={record} />
        </Fact>
        {value && <Fact name="Value">{value}</Fact>}
        <Fact name="Operation">
          <span className="font-mono text-xs">{record.operation}</span>
        </Fact>
        <Fact name="By">
          {userId === null ? (
            <>
              {record.actorKind} {record.actorId && <CopyId id={record.actorId} />}
            </>
          ) : (
            <span className="flex flex-wrap items-center gap-x-3">
              <CopyId id={userId} />
              <Link
                to="/w/$workspaceId/audit"
                params={{ workspaceId }}
                search={{ userId }}
                className="text-accent-text underline-offset-3 hover:underline"
              >
                All their changes
              </Link>
            </span>
          )}
        </Fact>
        {credential && (
          <Fact name="With">
            {credential.kind} {credential.id && <CopyId id={credential.id} />}
          </Fact>
        )}
        {ip && <Fact name="From">{ip}</Fact>}
        {userAgent && (
          <Fact name="Program">
            <span className="line-clamp-2 text-sm text-n11" title={userAgent}>
              {userAgent}
            </span>
          </Fact>
        )}
      </Facts>
    </div>
  )
}

/** What was changed, leading to it while it is there. */
function Subject({ record: { resource, resourceType, resourceId, resourceName } }: { record: RecordDetails }) {
  const path = localPath(resource?.path)
  const isRenamed = resource !== null && resourceName !== null && resource.name !== resourceName
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2">
      <Badge>{resourceType}</Badge>
      {resource && path ? (
        <Link
          to={path}
          search={resource.search ?? {}}
          className="max-w-full break-words text-accent-text underline-offset-3 hover:underline"
        >
          {resourceName ?? resource.name}
        </Link>
      ) : (
        <span className="max-w-full break-words">{resourceName}</span>
      )}
      {isRenamed && <span className="text-sm text-n11">now {resource.name}</span>}
      {resourceId && <CopyId id={resourceId} />}
    </span>
  )
}

function Chain({ record: { seq, prev, hash, payloadHash, requestId, id } }: { record: RecordDetails }) {
  return (
    <section>
      <h3 className="mb-2 font-semibold">Position in the chain</h3>
      <Facts>
        <Fact name="Number">{seq.toLocaleString('en')}</Fact>
        <Fact name="Record id">
          <CopyId id={id} />
        </Fact>
        <Fact name="Request id">
          <CopyId id={requestId} />
        </Fact>
        <Fact name="Hash">
          <CopyId id={hash} />
        </Fact>
        <Fact name="Hash before">
          <CopyId id={prev} />
        </Fact>
        <Fact name="Content hash">
          <CopyId id={payloadHash} />
        </Fact>
      </Facts>
    </section>
  )
}

function Erase({ record: { userId, erased }, onErase }: { record: RecordDetails; onErase: (userId: string) => void }) {
  const { may } = useWorkspace()
  if (erased || userId === null || !may('audit.erase')) return null
  return (
    <div className="border-t border-n5 pt-4">
      <Button look="dangerQuiet" size="small" onClick={() => onErase(userId)}>
        <Eraser aria-hidden />
        Erase this person’s data…
      </Button>
    </div>
  )
}
