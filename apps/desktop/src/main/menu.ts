import { app, BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron'
import { acceleratorOf } from './accelerator.ts'
import { readJson } from './files.ts'
import { parts } from './paths.ts'
import { connectionIdOf, tell } from './windows.ts'

/** A command of the console's table as the build wrote it down. */
export interface MenuCommand {
  id: string
  title: string
  /** As in packages/console/src/commands/command.ts: `mod+k`, `g b`, ways separated by `|`; empty without keys. */
  keys: string
  menu: 'app' | 'file' | 'go' | 'view' | 'help'
}

/** What the shell does itself. */
export interface ShellCommands {
  newWindow(): void
  connections(): void
  backUp(): void
  restore(): void
  openData(): void
  updates(): void
}

const isMac = process.platform === 'darwin'

export function setMenu(shell: ShellCommands): void {
  const commands = (readJson(parts.commands) ?? []) as MenuCommand[]
  const of = (menu: MenuCommand['menu']) => commands.filter((command) => command.menu === menu).map(itemOf)
  const quit: MenuItemConstructorOptions = { id: 'shell.quit', role: 'quit' }
  const updates: MenuItemConstructorOptions = {
    id: 'shell.updates',
    label: 'Check for updates…',
    click: () => shell.updates(),
  }
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ label: app.name, submenu: [...of('app'), ...line(of('app')), quit] }] : []),
    {
      label: '&File',
      submenu: [
        { id: 'shell.new-window', label: 'New window', accelerator: 'CmdOrCtrl+N', click: () => shell.newWindow() },
        { id: 'shell.connections', label: 'Connections…', click: () => shell.connections() },
        { type: 'separator' },
        { id: 'shell.back-up', label: 'Back up this computer…', click: () => shell.backUp() },
        { id: 'shell.restore', label: 'Restore a backup…', click: () => shell.restore() },
        { id: 'shell.open-data', label: 'Show the data folder', click: () => shell.openData() },
        { type: 'separator' },
        ...of('file'),
        ...(isMac ? [] : [...of('app'), ...line(of('app'))]),
        { id: 'shell.close', role: 'close' },
        ...(isMac ? [] : [quit]),
      ],
    },
    { label: '&Edit', role: 'editMenu' },
    { label: '&Go', submenu: of('go') },
    {
      label: '&View',
      submenu: [
        ...of('view'),
        ...line(of('view')),
        { role: 'reload' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
    { label: '&Help', role: 'help', submenu: [...of('help'), ...line(of('help')), updates] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

const line = (items: readonly unknown[]): MenuItemConstructorOptions[] =>
  items.length > 0 ? [{ type: 'separator' }] : []

/** Shown with its keys, which the page itself listens to: they rest there while somebody types. */
function itemOf({ id, title, keys }: MenuCommand): MenuItemConstructorOptions {
  const accelerator = acceleratorOf(keys)
  return {
    id,
    label: title,
    click: (_item, window) =>
      send(window instanceof BrowserWindow ? window : BrowserWindow.getFocusedWindow(), { id, keys }),
    ...(accelerator !== null && { accelerator, registerAccelerator: false }),
  }
}

function send(window: BrowserWindow | null | undefined, { id, keys }: { id: string; keys: string }): void {
  if (window && connectionIdOf(window.webContents) !== null) tell(window.webContents, { steward: 'command', id, keys })
}
