import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useCommands } from '../../commands/command-center.tsx'
import { trpc } from '../../session/trpc.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyAs } from '../../page/copy-as/copy-as.tsx'
import { requestOf } from '../../page/copy-as/request.ts'
import { CopyId } from '../../ui/copy.tsx'
import { Page } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'
import { useOpenDialog } from '../../page/open-dialog.ts'
import { accountDialogs } from './account.search.ts'
import { NewWorkspaceDialog } from '../workspace/new-workspace-dialog.tsx'
import { AdministratorsPanel } from './administrators-panel.tsx'
import { ContactPanel } from './contact-panel.tsx'
import { DeleteOrganization } from './delete-organization.tsx'
import { TransfersPanel } from './transfers-panel.tsx'
import { WorkspacesPanel } from './workspaces-panel.tsx'

/** One customer: its workspaces, who administers it, and where its invoices go. */
export function AccountPage() {
  const { accountId = '' } = useParams({ strict: false })
  const { data: account } = useSuspenseQuery(trpc.account.get.queryOptions({ accountId }))
  const dialog = useOpenDialog(accountDialogs)
  const create = (): void => dialog.show('create-workspace')
  useCommands({ 'workspace.create': create, 'list.create': create })
  return (
    <Page
      title={account.name}
      heading={
        <>
          {account.name}
          <Badge>{account.kind === 'organization' ? 'Organization' : 'Individual'}</Badge>
        </>
      }
      about={
        <span className="flex flex-wrap items-center gap-x-2">
          <CopyId id={account.id} whole />
          <span>
            created <Time at={account.createdAt} />
          </span>
        </span>
      }
      actions={
        <>
          <CopyAs request={requestOf(trpc.account.get.queryKey({ accountId }))} />
          <Button look="primary" onClick={create}>
            New workspace
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <WorkspacesPanel accountId={accountId} />
          <TransfersPanel accountId={accountId} />
          <AdministratorsPanel account={account} />
          <DeleteOrganization account={account} />
        </div>
        <ContactPanel key={accountId} account={account} />
      </div>
      <NewWorkspaceDialog
        open={dialog.open === 'create-workspace'}
        onOpenChange={(open) => open || dialog.close()}
        accountId={accountId}
      />
    </Page>
  )
}
