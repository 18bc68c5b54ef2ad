import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { ChevronDown } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { trpc } from '../session/trpc.ts'
import { Button } from '../ui/button.tsx'
import { OptionList } from '../ui/combobox.tsx'
import { shortId } from '../ui/ids.ts'
import { Popover } from '../ui/popover.tsx'
import { allWorkspacesOptions } from '../session/workspaces.ts'
import { sections } from './sections.ts'

/** Where one is; each step goes there, and its arrow to its neighbours. */
export function Breadcrumbs() {
  const { workspaceId, botId, accountId } = useParams({ strict: false })
  const { pathname } = useLocation()
  if (workspaceId === undefined)
    return pathname.startsWith('/me') ? <MeTrail pathname={pathname} /> : <AccountTrail accountId={accountId} />
  const section = sections.find(({ to }) => pathname.startsWith(to.replace('$workspaceId', workspaceId)))
  return (
    <Trail>
      <WorkspaceStep workspaceId={workspaceId} />
      {section && (
        <Step>
          {botId === undefined ? (
            <span className="truncate">{section.label}</span>
          ) : (
            <Link to={section.to} params={{ workspaceId }} className="truncate hover:text-n12">
              {section.label}
            </Link>
          )}
        </Step>
      )}
      {botId !== undefined && <BotStep workspaceId={workspaceId} botId={botId} />}
    </Trail>
  )
}

const meSteps: Record<string, string> = {
  '/me/profile': 'Profile',
  '/me/tokens': 'Personal access tokens',
  '/me/sessions': 'Sessions',
  '/me/security': 'Password and second factor',
}

function MeTrail({ pathname }: { pathname: string }) {
  return (
    <Trail>
      <Step>
        <Link to="/me/profile" className="hover:text-n12">
          You
        </Link>
      </Step>
      <Step>
        <span className="truncate">{meSteps[pathname] ?? 'Profile'}</span>
      </Step>
    </Trail>
  )
}

function AccountTrail({ accountId }: { accountId: string | undefined }) {
  const { data } = useQuery({
    ...trpc.account.get.queryOptions({ accountId: accountId ?? '' }),
    enabled: accountId !== undefined,
  })
  return (
    <Trail>
      <Step>
        <Link to="/accounts" className="hover:text-n12">
          Accounts
        </Link>
      </Step>
      {accountId !== undefined && (
        <Step>
          <span className="truncate">{data?.name ?? shortId(accountId)}</span>
        </Step>
      )}
    </Trail>
  )
}

function Trail({ children }: { children: ReactNode }) {
  return (
    <nav aria-label="Breadcrumb" className="min-w-0">
      <ol className="flex min-w-0 items-center text-n11 [&>li+li]:before:mx-1.5 [&>li+li]:before:text-n7 [&>li+li]:before:content-['/'] [&>li:last-child]:font-medium [&>li:last-child]:text-n12">
        {children}
      </ol>
    </nav>
  )
}

function Step({ children }: { children: ReactNode }) {
  return <li className="flex min-w-0 items-center whitespace-nowrap">{children}</li>
}

interface NeighboursProps {
  label: string
  options: { value: string; label: string }[]
  value: string
  onPick: (id: string) => void
}

function Neighbours({ label, onPick, ...list }: NeighboursProps) {
  const [open, setOpen] = useState(false)
  if (list.options.length < 2) return null
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={label}
      className="w-72 p-0"
      trigger={
        <Button look="ghost" size="smallIcon" aria-label={label} className="ml-0.5 size-5">
          <ChevronDown className="size-3.5" aria-hidden />
        </Button>
      }
    >
      <OptionList
        {...list}
        placeholder={label}
        onPick={(id) => {
          setOpen(false)
          onPick(id)
        }}
      />
    </Popover>
  )
}

function WorkspaceStep({ workspaceId }: { workspaceId: string }) {
  const { data: workspaces = [] } = useQuery(allWorkspacesOptions())
  const navigate = useNavigate()
  const name = workspaces.find(({ id }) => id === workspaceId)?.name ?? shortId(workspaceId)
  return (
    <Step>
      <Link to="/w/$workspaceId/home" params={{ workspaceId }} className="max-w-48 truncate hover:text-n12">
        {name}
      </Link>
      <Neighbours
        label="Go to another workspace"
        value={workspaceId}
        options={workspaces.map((workspace) => ({ value: workspace.id, label: workspace.name }))}
        onPick={(id) => void navigate({ to: '/w/$workspaceId/home', params: { workspaceId: id } })}
      />
    </Step>
  )
}

function BotStep({ workspaceId, botId }: { workspaceId: string; botId: string }) {
  const { data: bot } = useQuery(trpc.bot.get.queryOptions({ workspaceId, id: botId }))
  const { data: list } = useQuery(
    trpc.bot.list.queryOptions({ workspaceId, pageSize: 100, sortField: 'updatedAt', sortDirection: 'desc' }),
  )
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const tab = /\/bots\/[^/]+\/(\w+)/.exec(pathname)?.[1] ?? 'overview'
  return (
    <Step>
      <span className="max-w-64 truncate">{bot?.bot.name ?? shortId(botId)}</span>
      <Neighbours
        label="Go to another bot"
        value={botId}
        options={(list?.bots ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        onPick={(id) => void navigate({ href: `/w/${workspaceId}/bots/${id}/${tab}` })}
      />
    </Step>
  )
}
