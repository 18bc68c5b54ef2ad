import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ChevronsUpDown } from 'lucide-react'
import { useState } from 'react'
import { useCommands } from '../commands/command-center.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { OptionList } from '../ui/combobox.tsx'
import { Popover } from '../ui/popover.tsx'
import { useShownWorkspaceId } from '../session/use-workspace.ts'
import { allWorkspacesOptions } from '../session/workspaces.ts'

/** Names the workspace and goes to another one, to the same section where it makes sense. */
export function WorkspaceSwitcher({ folded }: { folded: boolean }) {
  const workspaceId = useShownWorkspaceId()
  const { data: workspaces = [] } = useQuery(allWorkspacesOptions())
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  useCommands({ 'workspace.switch': () => setOpen(true) })
  const current = workspaces.find(({ id }) => id === workspaceId)
  const name = current?.name ?? 'Choose a workspace'
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label="Workspaces"
      className="w-72 p-0"
      trigger={
        <button
          type="button"
          className="flex h-9 min-w-0 flex-1 items-center gap-2 rounded-sm px-1.5 text-left hover:bg-n3 data-[state=open]:bg-n3"
        >
          <Avatar name={current?.name ?? 'S'} square />
          <span className="sr-only">Workspace:{folded && ` ${name}`}</span>
          {!folded && (
            <>
              <span className="min-w-0 flex-1">
                <span className="block truncate leading-4 font-medium">{name}</span>
                {current && (
                  <span className="block truncate text-xs leading-3.5 text-n10">{planLabel(current.plan)}</span>
                )}
              </span>
              <ChevronsUpDown className="size-3.5 shrink-0 text-n10" aria-hidden />
            </>
          )}
        </button>
      }
    >
      <OptionList
        placeholder="Find a workspace"
        empty="No matching workspace."
        value={workspaceId}
        options={workspaces.map(({ id, name: label, plan }) => ({ value: id, label, hint: planLabel(plan) }))}
        onPick={(id) => {
          setOpen(false)
          void navigate({ to: '/w/$workspaceId/home', params: { workspaceId: id } })
        }}
      />
    </Popover>
  )
}

function planLabel(plan: string): string {
  return plan.charAt(0).toUpperCase() + plan.slice(1)
}
