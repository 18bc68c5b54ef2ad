import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { ArrowRightLeft, Copy, Ellipsis, GitCompare, KeyRound, Pencil, Trash2, Undo2 } from 'lucide-react'
import { useCommands } from '../../commands/command-center.tsx'
import type { Handlers } from '../../commands/command.ts'
import { Badge, State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { useCopy } from '../../ui/copy.tsx'
import { CopyAs } from '../../page/copy-as/copy-as.tsx'
import { ActionItems } from '../../page/list/row-menu.tsx'
import type { RowAction } from '../../page/list/list.types.ts'
import { Menu } from '../../ui/menu.tsx'
import { Page } from '../../ui/page.tsx'
import { LinkTab, LinkTabs } from '../../ui/tabs.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useBot, useBotGone } from '../bot/bot.ts'
import { BotGone } from './bot-gone.tsx'
import { BotDialogs } from './bot-dialogs.tsx'
import { Deployed } from '../bot/bot-columns.tsx'
import { useBotRights } from '../bot/bot-rights.ts'
import { type BotTab, botTabs } from '../bot/bot-tabs.ts'
import { typeLabels } from '../bot/bot-labels.ts'
import type { BotDialog } from '../bot/bot.search.ts'
import { useBotDialog } from '../bot/bot-dialog.ts'

/** What stays while one goes through a bot's tabs: its name, its state, what can be done with it. */
export function BotPage() {
  return useBotGone() ? <BotGone /> : <BotParts />
}

function BotParts() {
  const { bot, at } = useBot()
  const rights = useBotRights()
  const dialog = useBotDialog()
  const { pathname } = useLocation()
  const tab = botTabs.find(({ id }) => pathname.endsWith(`/${id}`))
  useBotCommands()
  return (
    <Page
      title={bot.name}
      heading={
        <>
          <span className="truncate" title={bot.name}>
            {bot.name}
          </span>
          <Deployed at={bot.deployedAt} />
          <Badge>{typeLabels[bot.type]}</Badge>
          {bot.dev && <State tone="info">Development</State>}
          {bot.status !== 'active' && (
            <State tone="busy">{bot.status === 'deploying' ? 'Deploying' : 'Deleting'}</State>
          )}
        </>
      }
      actions={
        <>
          {tab && <CopyAs request={tab.request(at)} />}
          <MoreMenu />
          {rights.change && (
            <Tooltip text="Save a version" keys="v">
              <Button onClick={() => dialog.show('save-version')}>Save version</Button>
            </Tooltip>
          )}
          {rights.deploy && (
            <Tooltip text="Deploy a version" keys="d">
              <Button look="primary" onClick={() => dialog.show('deploy')}>
                Deploy…
              </Button>
            </Tooltip>
          )}
        </>
      }
      tabs={<Tabs />}
    >
      <Outlet />
      <BotDialogs />
    </Page>
  )
}

function Tabs() {
  const { may, at } = useBot()
  return (
    <LinkTabs label="Parts of the bot">
      {botTabs
        .filter(({ permission }) => may(permission))
        .map(({ id, label }) => (
          <LinkTab
            key={id}
            to={`/w/$workspaceId/bots/$botId/${id}`}
            params={{ workspaceId: at.workspaceId, botId: at.id }}
          >
            {label}
          </LinkTab>
        ))}
    </LinkTabs>
  )
}

function MoreMenu() {
  const { bot } = useBot()
  const rights = useBotRights()
  const dialog = useBotDialog()
  const compare = useCompare()
  const { copy } = useCopy()
  const actions: RowAction[] = [
    { label: 'Copy id', icon: Copy, run: () => void copy(bot.id) },
    { label: 'Compare versions', icon: GitCompare, run: compare },
    ...(rights.change ? [{ label: 'Rename…', icon: Pencil, run: () => dialog.show('rename') }] : []),
    ...(rights.deploy ? [{ label: 'Roll back…', icon: Undo2, run: () => dialog.show('rollback') }] : []),
    ...(rights.rotate ? [{ label: 'Rotate signing secret…', icon: KeyRound, run: () => dialog.show('rotate') }] : []),
    ...(rights.transfer ? [{ label: 'Transfer…', icon: ArrowRightLeft, run: () => dialog.show('transfer') }] : []),
    ...(rights.remove ? [{ label: 'Delete…', icon: Trash2, danger: true, run: () => dialog.show('delete') }] : []),
  ]
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label="More actions">
          <Ellipsis aria-hidden />
        </Button>
      }
    >
      <ActionItems actions={actions} />
    </Menu>
  )
}

/** Goes to a tab of the bot, perhaps with a dialog open. */
function useOpenTab(): (tab: BotTab['id'], dialog?: BotDialog) => void {
  const { at } = useBot()
  const navigate = useNavigate()
  return (tab, dialog) =>
    void navigate({
      to: `/w/$workspaceId/bots/$botId/${tab}`,
      params: { workspaceId: at.workspaceId, botId: at.id },
      search: dialog ? { do: dialog } : {},
    })
}

/** Goes to where any two versions stand side by side. */
function useCompare(): () => void {
  const { at } = useBot()
  const navigate = useNavigate()
  return () =>
    void navigate({
      to: '/w/$workspaceId/bots/$botId/versions',
      params: { workspaceId: at.workspaceId, botId: at.id },
      search: { compare: 'on' },
    })
}

/** What the palette and keys do on every tab. */
function useBotCommands(): void {
  const { bot, may } = useBot()
  const rights = useBotRights()
  const dialog = useBotDialog()
  const open = useOpenTab()
  const compare = useCompare()
  const { copy } = useCopy()
  const tabs = botTabs
    .filter(({ permission }) => may(permission))
    .map(({ id }): [string, () => void] => [`bot.${id}`, () => open(id)])
  const show = (name: BotDialog) => () => dialog.show(name)
  const handlers: Handlers = {
    ...(Object.fromEntries(tabs) as Handlers),
    'bot.copyId': () => void copy(bot.id),
    'bot.compare': compare,
    ...(rights.change && {
      'bot.saveVersion': show('save-version'),
      'bot.rename': show('rename'),
      'bot.setSecret': () => open('settings', 'set-secret'),
    }),
    ...(rights.deploy && { 'bot.deploy': show('deploy'), 'bot.rollback': show('rollback') }),
    ...(rights.keys && { 'bot.createKey': () => open('keys', 'create-key') }),
    ...(rights.rotate && { 'bot.rotateSecret': show('rotate') }),
    ...(rights.transfer && { 'bot.transfer': show('transfer') }),
    ...(rights.remove && { 'bot.delete': show('delete') }),
  }
  useCommands(handlers)
}
