import { getRouteApi } from '@tanstack/react-router'
import { Building2, Plus } from 'lucide-react'
import { useMemo } from 'react'
import { useCommands } from '../../commands/command-center.tsx'
import { trpc } from '../../session/trpc.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyId } from '../../ui/copy.tsx'
import { requestOf } from '../../page/copy-as/request.ts'
import { EmptyState } from '../../page/empty-state.tsx'
import { conditionsOf, defineFilters } from '../../page/list/conditions.ts'
import { ListPage } from '../../page/list/list-page.tsx'
import type { Column } from '../../page/list/list.types.ts'
import { Time } from '../../ui/time.tsx'
import { useOpenDialog } from '../../page/open-dialog.ts'
import { accountsDialogs } from './account.search.ts'
import { NewWorkspaceDialog } from '../workspace/new-workspace-dialog.tsx'
import { type Account, accountPages } from './accounts.ts'
import { NewOrganizationDialog } from './new-organization-dialog.tsx'

const filters = defineFilters({
  q: { kind: 'text', label: 'Name' },
  kind: {
    kind: 'choice',
    label: 'Kind',
    options: [
      { value: 'organization', label: 'Organization' },
      { value: 'individual', label: 'Individual' },
    ],
  },
})

const columns: Column<Account>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(12rem,2fr)',
    cell: ({ name }) => <span className="font-medium">{name}</span>,
  },
  {
    id: 'kind',
    header: 'Kind',
    width: '8rem',
    cell: ({ kind }) => <Badge>{kind === 'organization' ? 'Organization' : 'You'}</Badge>,
  },
  {
    id: 'legal',
    header: 'Legal name',
    width: 'minmax(8rem,1.4fr)',
    cell: ({ legalName }) => <Given text={legalName} />,
  },
  {
    id: 'billing',
    header: 'Billing email',
    width: 'minmax(8rem,1.4fr)',
    cell: ({ billingEmail }) => <Given text={billingEmail} />,
  },
  {
    id: 'created',
    header: 'Created',
    width: '8rem',
    cell: ({ createdAt }) => <Time at={createdAt} className="text-n11" />,
  },
  { id: 'id', header: 'Id', width: '10rem', cell: ({ id }) => <CopyId id={id} /> },
]

function Given({ text }: { text: string | null }) {
  return text ? <>{text}</> : <span className="text-n10">None</span>
}

const route = getRouteApi('/_app/accounts/')

const idOf = (account: Account): string => account.id
const nameOf = (account: Account): string => account.name
const hrefOf = (account: Account) => ({ to: '/accounts/$accountId' as const, params: { accountId: account.id } })

/** The customers the person administers: who owns workspaces and pays for them. */
export function AccountsPage() {
  const dialog = useOpenDialog(accountsDialogs)
  const create = (): void => dialog.show('create-organization')
  const createWorkspace = (): void => dialog.show('create-workspace')
  useCommands({ 'account.create': create, 'workspace.create': createWorkspace })
  const { q, kind } = conditionsOf(filters, route.useSearch())
  const keep = useMemo(() => {
    const wanted = q?.toLowerCase()
    return (account: Account): boolean =>
      (kind === undefined || account.kind === kind) &&
      (wanted === undefined ||
        `${account.name} ${account.legalName ?? ''} ${account.id}`.toLowerCase().includes(wanted))
  }, [q, kind])
  return (
    <>
      <ListPage
        id="accounts"
        title="Accounts"
        noun={['account', 'accounts']}
        about="An account owns workspaces and pays for them. These are the accounts you administer."
        pages={accountPages}
        columns={columns}
        filters={filters}
        keep={keep}
        rowId={idOf}
        rowName={nameOf}
        href={hrefOf}
        request={requestOf(trpc.account.list.queryKey({}))}
        create={create}
        primary={
          <>
            <Button onClick={createWorkspace}>
              <Plus aria-hidden />
              New workspace
            </Button>
            <Button look="primary" onClick={create}>
              New organization
            </Button>
          </>
        }
        empty={
          <EmptyState
            icon={Building2}
            title="You do not administer any accounts"
            request={{ path: 'account.create', input: { name: 'Northwind', workspaceName: 'Support' } }}
            action={
              <Button look="primary" onClick={create}>
                New organization
              </Button>
            }
          >
            Create your own organization, or ask an administrator of an existing one to add you.
          </EmptyState>
        }
      />
      <NewOrganizationDialog
        open={dialog.open === 'create-organization'}
        onOpenChange={(open) => open || dialog.close()}
      />
      <NewWorkspaceDialog open={dialog.open === 'create-workspace'} onOpenChange={(open) => open || dialog.close()} />
    </>
  )
}
