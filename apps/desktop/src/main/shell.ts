import { app, BrowserWindow, session, type WebContents } from 'electron'
import type { RecoveryChoice, RecoveryState } from '../shared/bridge.ts'
import { channels } from '../shared/bridge.ts'
import type { Refusal } from '../shared/host-messages.ts'
import { createConnections, localId, localName, protection } from './connections.ts'
import { backUpWithDialog, migrationBackup, migrationBackups, restoreFrom, restoreWithDialog } from './data.ts'
import { isRecord } from './files.ts'
import { HostSupervisor } from './host-supervisor.ts'
import { setMenu } from './menu.ts'
import { showFolder } from './outside.ts'
import { pageOf, servePages } from './pages.ts'
import { places } from './paths.ts'
import { answerFrom } from './senders.ts'
import { tellOfUpdate } from './update-dialog.ts'
import { bringToFront, connectionIdOf, consoleWindows, openWindow, tell } from './windows.ts'

export interface RunningShell {
  /** Shows a path of the console; without one brings the app to the front. */
  open(path: string | null): void
}

/** Starts everything once the app is ready. @param firstPath where the first window begins. */
export function startShell(firstPath: string | null): RunningShell {
  const shell = new DesktopShell()
  shell.start(firstPath)
  return shell
}

class DesktopShell implements RunningShell {
  readonly #connections = createConnections(places.connections)
  readonly #supervisor = new HostSupervisor(places.data(), {
    gone: (again) => this.#hostGone(again),
    ready: (refusal) => this.#hostReady(refusal),
  })
  #trouble: Pick<RecoveryState, 'kind' | 'message'> | null = null
  #quitting = false
  #hostStopped = false

  start(firstPath: string | null): void {
    servePages()
    refusePermissions()
    this.#answerPages()
    setMenu({
      newWindow: () => this.#openConsole(this.#currentConnection(), '/'),
      connections: () => this.#openLauncher('/connections', 'Connections'),
      backUp: () => void backUpWithDialog(this.#supervisor, BrowserWindow.getFocusedWindow()),
      restore: () => void this.#restore(),
      updates: () => void tellOfUpdate(true),
      openData: () => void showFolder(app.getPath('userData')),
    })
    this.#supervisor.start()
    void tellOfUpdate(false)
    this.#openConsole(localId, firstPath ?? '/')
    app.on('window-all-closed', () => process.platform !== 'darwin' && app.quit())
    app.on('activate', () => this.open(null))
    app.on('will-quit', (event) => this.#quit(event))
  }

  open(path: string | null): void {
    const [front] = [BrowserWindow.getFocusedWindow(), ...consoleWindows()].filter((window) => window !== null)
    if (!front || connectionIdOf(front.webContents) === 'launcher') return void this.#openConsole(localId, path ?? '/')
    bringToFront(front)
    if (path !== null) tell(front.webContents, { steward: 'go', path })
  }

  #currentConnection(): string {
    const id = connectionIdOf(BrowserWindow.getFocusedWindow()?.webContents ?? ({} as WebContents))
    return id === null || id === 'launcher' ? localId : id
  }

  #openConsole(id: string, path: string): BrowserWindow | null {
    const name = this.#connections.name(id)
    if (name === null) return null
    const url = this.#connections.url(id)
    const connection = { kind: id === localId ? ('local' as const) : ('remote' as const), name, url }
    const title = id === localId ? 'Steward' : `Steward: ${name}`
    return openWindow({ page: 'steward', path, connectionId: id, connection, title })
  }

  /** One window for each page of the launcher. */
  #openLauncher(path: string, title: string): void {
    const open = BrowserWindow.getAllWindows().find((window) => isLauncherPage(window, path))
    if (open) return bringToFront(open)
    openWindow({
      page: 'launcher',
      path,
      connectionId: 'launcher',
      connection: { kind: 'local', name: localName, url: null },
      title,
    })
  }

  #answerPages(): void {
    answerFrom('steward', channels.connect, async ({ contents, connectionId }) => {
      if (this.#trouble?.kind === 'crashed')
        return tell(contents, { steward: 'failed', message: this.#trouble.message })
      await this.#supervisor.connect(contents, await this.#connections.route(connectionId))
    })
    answerFrom('steward', channels.backUp, ({ contents }) => backUpWithDialog(this.#supervisor, windowOf(contents)))
    answerFrom('steward', channels.restore, () => this.#restore())
    answerFrom('launcher', channels.listConnections, async () => ({
      connections: await this.#connections.list(),
      protection: await protection(),
    }))
    answerFrom('launcher', channels.addConnection, (_asker, input) => this.#connections.add(input))
    answerFrom('launcher', channels.removeConnection, (_asker, id) => {
      for (const window of consoleWindows(String(id))) if (id !== localId) window.close()
      this.#connections.remove(String(id))
    })
    answerFrom('launcher', channels.openConnection, (_asker, id) => void this.#openConsole(String(id), '/'))
    answerFrom('launcher', channels.recovery, () => this.#recoveryState())
    answerFrom('launcher', channels.recover, ({ contents }, choice) => this.#recover(windowOf(contents), choice))
  }

  async #restore() {
    const outcome = await restoreWithDialog(this.#supervisor, BrowserWindow.getFocusedWindow())
    if (outcome) for (const window of consoleWindows(localId)) window.webContents.reload()
    return outcome
  }

  #hostGone(again: boolean): void {
    if (!again) return this.#fail({ kind: 'crashed', message: 'The data process keeps crashing.' })
    for (const window of consoleWindows()) tell(window.webContents, { steward: 'gone' })
  }

  #hostReady(refusal: Refusal | null): void {
    if (refusal) return this.#fail(refusal)
    if (this.#trouble === null) return
    this.#trouble = null
    // Windows of servers were told that no port would come.
    for (const window of consoleWindows()) tell(window.webContents, { steward: 'gone' })
    if (consoleWindows(localId).length === 0) this.#openConsole(localId, '/')
    for (const window of BrowserWindow.getAllWindows()) if (isLauncherPage(window, '/recovery')) window.close()
  }

  /** This computer's data is out of reach: its windows give way to one that says why and what can be done. */
  #fail(trouble: Pick<RecoveryState, 'kind' | 'message'>): void {
    if (this.#quitting) return
    this.#trouble = { kind: trouble.kind, message: trouble.message }
    const open = BrowserWindow.getAllWindows().find((window) => isLauncherPage(window, '/recovery'))
    // It tells of the trouble before.
    if (open) open.webContents.reload()
    else this.#openLauncher('/recovery', 'Steward: recovery')
    for (const window of consoleWindows()) {
      if (connectionIdOf(window.webContents) === localId) window.close()
      else if (trouble.kind === 'crashed') tell(window.webContents, { steward: 'failed', message: trouble.message })
    }
  }

  #recoveryState(): RecoveryState | null {
    if (this.#trouble === null) return null
    return { ...this.#trouble, backups: migrationBackups(), folder: places.data(), log: this.#supervisor.log }
  }

  async #recover(window: BrowserWindow | null, choice: unknown) {
    const { do: what, backup } = (isRecord(choice) ? choice : {}) as Partial<RecoveryChoice & { backup: unknown }>
    if (what === 'quit') app.quit()
    if (what === 'folder') await showFolder(app.getPath('userData'))
    if (what === 'retry' || what === 'accept-loss')
      await this.#supervisor.restart({ acceptLoss: what === 'accept-loss' })
    if (what === 'choose') return restoreWithDialog(this.#supervisor, window)
    const file = what === 'restore' ? migrationBackup(String(backup)) : null
    return file === null ? null : restoreFrom(this.#supervisor, file, window)
  }

  /** The host closes its databases before the app ends, also when the person asks twice. */
  #quit(event: { preventDefault(): void }): void {
    if (this.#hostStopped) return
    event.preventDefault()
    if (this.#quitting) return
    this.#quitting = true
    void this.#supervisor.stop().finally(() => {
      this.#hostStopped = true
      app.quit()
    })
  }
}

const windowOf = (contents: WebContents): BrowserWindow | null => BrowserWindow.fromWebContents(contents)

function isLauncherPage(window: BrowserWindow, path: string): boolean {
  const url = window.webContents.getURL()
  return pageOf(url) === 'launcher' && new URL(url).pathname === path
}

/** Pages get nothing beyond the web's plain rights but writing to the clipboard, for "copy". */
function refusePermissions(): void {
  const { defaultSession } = session
  const allowed = new Set(['clipboard-sanitized-write'])
  defaultSession.setPermissionRequestHandler((contents, permission, answer) =>
    answer(allowed.has(permission) && pageOf(contents.getURL()) !== null),
  )
  defaultSession.setPermissionCheckHandler((_contents, permission) => allowed.has(permission))
  defaultSession.setDevicePermissionHandler(() => false)
}
