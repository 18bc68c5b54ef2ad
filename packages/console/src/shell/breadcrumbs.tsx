import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { ChevronDown } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { localPath } from '../base/links.ts'
import type { Crumb, Trail } from '../commands/feature.ts'
import { Button } from '../ui/button.tsx'
import { OptionList } from '../ui/combobox.tsx'
import { shortId } from '../ui/ids.ts'
import { Popover } from '../ui/popover.tsx'
import { allWorkspacesOptions } from '../session/workspaces.ts'
import { crumbs, sections, trails } from './features.ts'

/** Where one is; each step goes there, and its arrow to its neighbours. */
export function Breadcrumbs() {
  const params = useParams({ strict: false })
  const { workspaceId = '' } = params
  const { pathname } = useLocation()
  const trail = trails.find(({ at }) => pathname.startsWith(at))
  if (trail) return <TrailOf trail={trail} pathname={pathname} />
  const section = sections.find(({ to }) => pathname.startsWith(to.replace('$workspaceId', workspaceId)))
  const crumb = crumbs.find(({ param }) => params[param] !== undefined)
  const id = crumb && params[crumb.param]
  return (
    <Steps>
      {workspaceId !== '' && <WorkspaceStep workspaceId={workspaceId} />}
      {section && (
        <Step>
          {crumb || section.to === '/accounts' ? (
            <Link to={section.to} params={{ workspaceId }} className="truncate hover:text-n12">
              {section.label}
            </Link>
          ) : (
            <span className="truncate">{section.label}</span>
          )}
        </Step>
      )}
      {crumb && id !== undefined && <CrumbStep key={crumb.param} crumb={crumb} id={id} workspaceId={workspaceId} />}
    </Steps>
  )
}

function TrailOf({ trail: { to, label, pages }, pathname }: { trail: Trail; pathname: string }) {
  return (
    <Steps>
      <Step>
        <Link to={to} className="hover:text-n12">
          {label}
        </Link>
      </Step>
      <Step>
        <span className="truncate">{pages[pathname] ?? pages[to]}</span>
      </Step>
    </Steps>
  )
}

function Steps({ children }: { children: ReactNode }) {
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
        label="Switch workspace"
        value={workspaceId}
        options={workspaces.map((workspace) => ({ value: workspace.id, label: workspace.name }))}
        onPick={(id) => void navigate({ to: '/w/$workspaceId/home', params: { workspaceId: id } })}
      />
    </Step>
  )
}

function CrumbStep({ crumb, id, workspaceId }: { crumb: Crumb; id: string; workspaceId: string }) {
  const { useName, neighbours } = crumb
  const name = useName(id, workspaceId)
  return (
    <Step>
      <span className="max-w-64 truncate">{name ?? shortId(id)}</span>
      {neighbours && <CrumbNeighbours {...neighbours} id={id} workspaceId={workspaceId} />}
    </Step>
  )
}

interface CrumbNeighboursProps extends NonNullable<Crumb['neighbours']> {
  id: string
  workspaceId: string
}

function CrumbNeighbours({ label, useOptions, id, workspaceId }: CrumbNeighboursProps) {
  const options = useOptions(workspaceId)
  const { pathname } = useLocation()
  const navigate = useNavigate()
  // The same page of another one.
  const show = (next: string): void =>
    void navigate({ href: localPath(pathname.split('/').with(pathname.split('/').indexOf(id), next).join('/')) ?? '/' })
  return <Neighbours label={label} value={id} options={[...options]} onPick={show} />
}
