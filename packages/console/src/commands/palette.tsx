import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type NavigateOptions, useRouter } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { Dialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { Keys } from '../ui/kbd.tsx'
import { readSetting, writeSetting } from '../setting.ts'
import { trpc } from '../trpc.ts'
import { shortId } from '../ui/ids.ts'
import { allWorkspacesOptions } from '../workspace/workspaces.ts'
import { useRunner } from './command-center.tsx'
import { workspaceIn } from './place.ts'
import { type CommandId, commandIds, commands } from './table.ts'

/** Search and commands in one: what was used last, then everything that can be done here, then things by name. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const runner = useRunner()
  const router = useRouter()
  const offered = commandIds.filter((id) => !commands[id].quiet && runner(id) !== null)
  const recent = readRecent().filter((id) => offered.includes(id))
  const workspaceId = workspaceIn(router.state.location.pathname)
  const run = (id: CommandId): void => {
    onClose()
    writeSetting('recent-commands', [id, ...readRecent().filter((other) => other !== id)].slice(0, 5).join(' '))
    // After the dialog has given the focus back.
    setTimeout(() => runner(id)?.())
  }
  const go = (to: NavigateOptions): void => {
    onClose()
    void router.navigate(to)
  }
  const groups = Map.groupBy(
    offered.filter((id) => !recent.includes(id)),
    (id) => commands[id].group,
  )
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-overlay" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 animate-appear overflow-hidden rounded-lg border border-n6 bg-raised shadow-float"
        >
          <Dialog.Title className="sr-only">Search and run commands</Dialog.Title>
          <Command loop label="Search and run commands">
            <Command.Input
              placeholder="Search or type a command"
              className="h-12 w-full border-b border-n5 bg-transparent px-4 text-lg outline-none"
            />
            <Command.List className="pane max-h-[50vh] p-1.5">
              <Command.Empty className="px-3 py-6 text-center text-n10">Nothing found.</Command.Empty>
              {recent.length > 0 && <Items heading="Recent" ids={recent} run={run} />}
              {[...groups].map(([group, ids]) => (
                <Items key={group} heading={group} ids={ids} run={run} />
              ))}
              {workspaceId && <Bots workspaceId={workspaceId} go={go} />}
              <Workspaces go={go} />
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function readRecent(): CommandId[] {
  return (readSetting('recent-commands') ?? '').split(' ').filter((id): id is CommandId => Object.hasOwn(commands, id))
}

const groupLook =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-n10'

function Item({ value, onSelect, children }: { value: string; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-9 items-center gap-3 rounded-sm px-2.5 data-[selected=true]:bg-n3"
    >
      {children}
    </Command.Item>
  )
}

function Items({ heading, ids, run }: { heading: string; ids: readonly CommandId[]; run: (id: CommandId) => void }) {
  return (
    <Command.Group heading={heading} className={groupLook}>
      {ids.map((id) => {
        const { title, keys, words } = commands[id]
        return (
          <Item key={id} value={`${title} ${words ?? ''}`} onSelect={() => run(id)}>
            {title}
            {keys && <Keys keys={keys} className="ml-auto" />}
          </Item>
        )
      })}
    </Command.Group>
  )
}

type Go = (to: NavigateOptions) => void

function Bots({ workspaceId, go }: { workspaceId: string; go: Go }) {
  const { data } = useQuery(
    trpc.bot.list.queryOptions({ workspaceId, pageSize: 100, sortField: 'updatedAt', sortDirection: 'desc' }),
  )
  if (!data?.bots.length) return null
  return (
    <Command.Group heading="Bots" className={groupLook}>
      {data.bots.map(({ id, name }) => (
        <Item
          key={id}
          value={`${name} ${id}`}
          onSelect={() => go({ to: '/w/$workspaceId/bots/$botId/overview', params: { workspaceId, botId: id } })}
        >
          <span className="truncate">{name}</span>
          <span className="ml-auto font-mono text-xs text-n10">{shortId(id)}</span>
        </Item>
      ))}
    </Command.Group>
  )
}

function Workspaces({ go }: { go: Go }) {
  const workspaces = useQueryClient().getQueryData(allWorkspacesOptions().queryKey) ?? []
  return (
    <Command.Group heading="Workspaces" className={groupLook}>
      {workspaces.map(({ id, name }) => (
        <Item
          key={id}
          value={`${name} ${id}`}
          onSelect={() => go({ to: '/w/$workspaceId/home', params: { workspaceId: id } })}
        >
          <span className="truncate">{name}</span>
          <span className="ml-auto font-mono text-xs text-n10">{shortId(id)}</span>
        </Item>
      ))}
    </Command.Group>
  )
}
