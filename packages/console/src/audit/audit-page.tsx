import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Copy, Download, Ellipsis, Eraser, Filter, History, ShieldCheck, UserRound } from 'lucide-react'
import { lazy, useMemo, useState } from 'react'
import { Late } from '../ui/late.tsx'
import { WhoCould } from '../page/who-could.tsx'
import { allMembersOptions, nameOf } from '../session/members.ts'
import { client, trpc } from '../session/trpc.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../page/empty-state.tsx'
import { ForbiddenState } from '../ui/error-state.tsx'
import { shortId } from '../ui/ids.ts'
import { conditionsOf, defineFilters, momentOf } from '../page/list/conditions.ts'
import { ListPage } from '../page/list/list-page.tsx'
import type { Column, RowAction } from '../page/list/list.types.ts'
import { paged } from '../session/paged.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { useTitle } from '../ui/page.tsx'
import { Time } from '../ui/time.tsx'
import { copyAndSay } from '../ui/copy.tsx'
import { useOpenDialog } from '../page/open-dialog.ts'
import { permissionsOptions, useWorkspace } from '../session/use-workspace.ts'
import { changeLabel, choicesWith } from './action-labels.ts'
import { type AuditRecord, type AuditListQuery, sentence } from './audit.ts'
import { auditDialogs } from './audit.search.ts'
import { useActor } from './use-actor.ts'
import { RecordInspector } from './record-inspector.tsx'

const VerifyDialog = lazy(() => import('./verify-dialog.tsx').then(({ VerifyDialog: it }) => ({ default: it })))
const ExportDialog = lazy(() => import('./export-dialog.tsx').then(({ ExportDialog: it }) => ({ default: it })))
const EraseDialog = lazy(() => import('./erase-dialog.tsx').then(({ EraseDialog: it }) => ({ default: it })))

const route = getRouteApi('/_app/w/$workspaceId/audit')

const columns: Column<AuditRecord>[] = [
  {
    id: 'when',
    header: 'When',
    width: '7.5rem',
    cell: ({ recordedAt }) => <Time at={recordedAt} className="text-n11" />,
  },
  { id: 'who', header: 'Person', width: 'minmax(9rem,1fr)', cell: (record) => <Actor record={record} /> },
  {
    id: 'what',
    header: 'Change',
    width: 'minmax(10rem,1.5fr)',
    cell: (record) => <span className="font-medium">{sentence(changeLabel(record))}</span>,
  },
  {
    id: 'on',
    header: 'On',
    width: 'minmax(9rem,1.4fr)',
    cell: ({ resourceName, resourceId }) =>
      resourceName ? (
        <span title={resourceName}>{resourceName}</span>
      ) : (
        resourceId && <span className="font-mono text-xs text-n10">{shortId(resourceId)}</span>
      ),
  },
  {
    id: 'value',
    header: 'Value',
    width: 'minmax(5rem,0.8fr)',
    wide: true,
    cell: ({ value }) => <span className="text-n11">{value}</span>,
  },
]

const rowId = ({ id }: AuditRecord): string => id
const rowName = (record: AuditRecord): string => sentence(changeLabel(record))

function Actor({ record }: { record: AuditRecord }) {
  const { name, you } = useActor(record)
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Avatar name={name} className="size-5" />
      <span className="truncate">{name}</span>
      {you && <span className="shrink-0 text-n10">you</span>}
    </span>
  )
}

/** Every change to the workspace, newest first, sealed into a chain. */
export function AuditPage() {
  const { may } = useWorkspace()
  return may('audit.list') ? <Trail /> : <Refused />
}

function Refused() {
  const { role } = useWorkspace()
  const { data: table } = useSuspenseQuery(permissionsOptions())
  const roles = table.permissions.find(({ permission }) => permission === 'audit.list')?.roles ?? []
  useTitle('Audit')
  return (
    <ForbiddenState page failure={{ message: `The role "${role}" cannot read the audit trail.`, roles }}>
      <WhoCould permission="audit.list" />
    </ForbiddenState>
  )
}

/** Conditions that the server takes; people who left stay choosable by the address. */
function useTrailFilters() {
  const { workspaceId } = useWorkspace()
  const { data: members } = useQuery(allMembersOptions(workspaceId))
  const { userId: asked, action } = route.useSearch()
  return useMemo(() => {
    const people = (members ?? []).flatMap((member) =>
      member.userId === undefined ? [] : [{ value: member.userId, label: nameOf(member) }],
    )
    const left =
      asked !== undefined && !people.some(({ value }) => value === asked)
        ? [{ value: asked, label: shortId(asked) }]
        : []
    return defineFilters({
      action: { kind: 'choice', label: 'Change', options: choicesWith(action) },
      userId: { kind: 'choice', label: 'Person', options: [...people, ...left] },
      from: { kind: 'date', label: 'From' },
      until: { kind: 'date', label: 'Until' },
    })
  }, [members, asked, action])
}

function Trail() {
  const { workspaceId, may } = useWorkspace()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/w/$workspaceId/audit' })
  const filters = useTrailFilters()
  const dialog = useOpenDialog(auditDialogs)
  const [erasing, setErasing] = useState<string | null>(null)
  const { action, userId, from, until } = conditionsOf(filters, search)
  const input: AuditListQuery = {
    id: workspaceId,
    ...(action && { action: action as NonNullable<AuditListQuery['action']> }),
    ...(userId && { userId }),
    ...(from && { from: momentOf(from, 'start') }),
    ...(until && { until: momentOf(until, 'end') }),
  }
  const narrow = (change: { userId: string } | { action: string }): void =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true })
  const actions = (record: AuditRecord): RowAction[] => [
    ...(record.userId === null
      ? []
      : [{ label: 'Only this person', icon: UserRound, run: () => narrow({ userId: record.userId ?? '' }) }]),
    { label: 'Only this kind of change', icon: Filter, run: () => narrow({ action: record.action }) },
    {
      label: 'Copy record id',
      icon: Copy,
      run: () => void copyAndSay(record.id, 'Record id'),
    },
  ]
  return (
    <>
      <ListPage<AuditRecord>
        id="audit"
        title="Audit"
        noun={['record', 'records']}
        about="Newest first."
        columns={columns}
        filters={filters}
        rowId={rowId}
        rowName={rowName}
        pages={paged({
          key: trpc.audit.list.queryKey(input),
          load: (page, signal) => client.audit.list.query({ ...input, ...page }, { signal }),
          rows: (answer) => answer.records,
        })}
        request={{ path: 'audit.list', input }}
        inspector={(id) => (
          <RecordInspector
            recordId={id}
            onErase={(person) => {
              setErasing(person)
              dialog.show('erase')
            }}
          />
        )}
        actions={actions}
        primary={
          <>
            {may('audit.erase') && (
              <Menu
                trigger={
                  <Button look="ghost" size="icon" aria-label="More audit actions">
                    <Ellipsis aria-hidden />
                  </Button>
                }
              >
                <MenuItem danger onSelect={() => dialog.show('erase')}>
                  <Eraser aria-hidden />
                  Erase personal data…
                </MenuItem>
              </Menu>
            )}
            {may('audit.export') && (
              <Button onClick={() => dialog.show('export')}>
                <Download aria-hidden />
                Export
              </Button>
            )}
            {may('audit.verify') && (
              <Button look="primary" onClick={() => dialog.show('verify')}>
                <ShieldCheck aria-hidden />
                Verify audit trail
              </Button>
            )}
          </>
        }
        empty={
          <EmptyState
            icon={History}
            title="Nothing has been recorded yet"
            request={{ path: 'audit.list', input: { id: workspaceId } }}
          >
            Every change in this workspace is recorded here, with who made it and what it replaced.
          </EmptyState>
        }
      />
      <Late>
        {dialog.open === 'verify' && may('audit.verify') && <VerifyDialog onClose={() => dialog.close()} />}
        {dialog.open === 'export' && may('audit.export') && <ExportDialog onClose={() => dialog.close()} />}
        {dialog.open === 'erase' && may('audit.erase') && (
          <EraseDialog
            userId={erasing}
            onClose={() => {
              setErasing(null)
              dialog.close()
            }}
          />
        )}
      </Late>
    </>
  )
}
