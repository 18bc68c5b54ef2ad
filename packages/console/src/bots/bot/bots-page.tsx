import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Bot, Copy, Pencil, Plus, Settings, Tag, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useCommands } from '../../commands/command-center.tsx'
import { client, trpc } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { useCopy } from '../../ui/copy.tsx'
import { EmptyState } from '../../page/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { ListPage } from '../../page/list/list-page.tsx'
import type { RowAction } from '../../page/list/list.types.ts'
import { type Paged, paged } from '../../session/paged.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { useWorkspace } from '../../session/use-workspace.ts'
import type { BotSummary } from './bot.ts'
import { type BotListQuery, botFilters, botListQuery } from './bot-list-query.ts'
import { BotInspector } from './bot-inspector.tsx'
import { botColumns } from './bot-columns.tsx'
import { DeleteBots, TagBots } from './bulk-dialogs.tsx'
import { CreateBotDialog } from './create-bot-dialog.tsx'
import { DeleteBot } from './delete-bot.tsx'
import { useOpenDialog } from '../../page/open-dialog.ts'
import { botsDialogs } from './bot.search.ts'
import { RenameBot } from './rename-bot.tsx'

const route = getRouteApi('/_app/w/$workspaceId/bots/')

const rowId = (bot: BotSummary): string => bot.id
const rowName = (bot: BotSummary): string => bot.name

type OpenDialog = { what: 'rename' | 'delete' | 'tag many' | 'delete many'; bots: BotSummary[]; done: () => void }

/** All bots of the workspace, those for production and those that developers run apart. */
export function BotsPage() {
  const { workspaceId, workspace, may } = useWorkspace()
  const search = route.useSearch()
  const navigate = useNavigate()
  const { copy } = useCopy()
  const dialog = useOpenDialog(botsDialogs)
  const [openDialog, setOpenDialog] = useState<OpenDialog | null>(null)
  const dev = search.dev === 'true'
  const input = botListQuery(workspaceId, search)
  const create = (): void => dialog.show('create')
  const mayCreate = may('bot.create')
  useCommands({ ...(mayCreate && { 'bot.create': create }) })
  if (!may('bot.list')) return <ErrorState error={new Error('Your role cannot see the bots of this workspace.')} />

  const page = (bot: BotSummary, tab: 'overview' | 'settings' = 'overview') => ({
    to: `/w/$workspaceId/bots/$botId/${tab}` as const,
    params: { workspaceId, botId: bot.id },
  })
  const showKind = (ofDevelopers: boolean): void => {
    const { dev: _dev, inspect: _inspect, ...rest } = search
    const next = ofDevelopers ? { ...rest, dev: 'true' as const } : rest
    void navigate({ to: '/w/$workspaceId/bots', params: { workspaceId }, search: next, replace: true })
  }
  const close = (): void => setOpenDialog(null)
  const start = (what: OpenDialog['what'], bots: BotSummary[], done: () => void = close) =>
    setOpenDialog({ what, bots, done })
  const mayUpdate = may('bot.update')
  const mayDelete = may('bot.delete')
  const deleteReason = may('bot.delete', { own: true })
    ? 'You can delete only bots that you created. Open the bot to do so.'
    : 'Your role cannot delete bots.'
  const actions = (bot: BotSummary): RowAction[] => [
    ...(mayUpdate ? [{ label: 'Rename…', icon: Pencil, keys: 'e', run: () => start('rename', [bot]) }] : []),
    { label: 'Settings', icon: Settings, run: () => void navigate(page(bot, 'settings')) },
    { label: 'Copy id', icon: Copy, run: () => void copy(bot.id) },
    {
      label: 'Delete…',
      icon: Trash2,
      danger: true,
      run: () => start('delete', [bot]),
      ...(!mayDelete && { reason: deleteReason }),
    },
  ]
  const bulk = (bots: BotSummary[], done: () => void): RowAction[] => [
    { label: 'Tag…', icon: Tag, run: () => start('tag many', bots, done) },
    {
      label: 'Delete…',
      icon: Trash2,
      danger: true,
      run: () => start('delete many', bots, done),
      ...(!mayDelete && { reason: deleteReason }),
    },
  ]

  return (
    <>
      <ListPage
        id="bots"
        title="Bots"
        noun={['bot', 'bots']}
        columns={botColumns}
        filters={botFilters}
        sorted="createdAt.desc"
        rowId={rowId}
        rowName={rowName}
        // Exact only for those who see every bot.
        {...(!dev && may('bot.getAllowlist') && { total: workspace.botCount })}
        pages={botPages(input)}
        pagesFor={(next) => botPages(botListQuery(workspaceId, next))}
        tabs={
          <Segmented
            label="Which bots"
            value={dev ? 'dev' : 'production'}
            onChange={(kind) => showKind(kind === 'dev')}
            options={[
              { value: 'production', label: 'Production' },
              { value: 'dev', label: 'Development' },
            ]}
          />
        }
        request={{ path: 'bot.list', input }}
        href={(bot) => page(bot)}
        inspector={(id, row) => <BotInspector id={id} row={row} />}
        actions={actions}
        {...(mayUpdate && { bulk, edit: (bot: BotSummary) => start('rename', [bot]) })}
        {...(mayCreate && {
          create,
          primary: (
            <Button look="primary" onClick={create}>
              <Plus aria-hidden />
              New bot
            </Button>
          ),
        })}
        empty={<NoBots dev={dev} create={mayCreate ? create : null} />}
      />
      {mayCreate && <CreateBotDialog open={dialog.open === 'create'} dev={dev} onClose={dialog.close} />}
      {openDialog?.what === 'rename' && openDialog.bots[0] && <RenameBot bot={openDialog.bots[0]} onClose={close} />}
      {openDialog?.what === 'delete' && openDialog.bots[0] && <DeleteBot bot={openDialog.bots[0]} onClose={close} />}
      {openDialog?.what === 'tag many' && <TagBots bots={openDialog.bots} onClose={close} onDone={openDialog.done} />}
      {openDialog?.what === 'delete many' && (
        <DeleteBots bots={openDialog.bots} onClose={close} onDone={openDialog.done} />
      )}
    </>
  )
}

function botPages(query: BotListQuery): Paged<BotSummary> {
  return paged({
    key: trpc.bot.list.queryKey(query),
    load: (page, signal) => client.bot.list.query({ ...query, ...page }, { signal }),
    rows: (answer) => answer.bots,
  })
}

function NoBots({ dev, create }: { dev: boolean; create: (() => void) | null }) {
  const { workspaceId } = useWorkspace()
  const name = dev ? 'greeter-dev' : 'greeter'
  return (
    <EmptyState
      icon={Bot}
      title={dev ? 'No development bots' : 'No bots yet'}
      {...(create && {
        action: (
          <Button look="primary" onClick={create}>
            {dev ? 'New development bot' : 'New bot'}
          </Button>
        ),
        request: {
          path: 'bot.create',
          input: { workspaceId, name, ...(dev && { dev, url: 'http://localhost:8075' }) },
        },
      })}
    >
      {dev
        ? 'A development bot runs on its developer’s own machine and is not counted. The command line creates one when it starts a bot for development.'
        : 'A bot is what people talk to. It has a configuration, code and versions. Create the first one here or from your terminal.'}
      {!create && ' Your role can see bots but not create them.'}
    </EmptyState>
  )
}
