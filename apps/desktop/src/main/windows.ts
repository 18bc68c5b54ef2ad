import { BrowserWindow, dialog, type WebContents, type WebPreferences } from 'electron'
import { connectionSwitch, type Shell, type ToPage, channels } from '../shared/bridge.ts'
import { openOutside } from './outside.ts'
import { pageOf, scheme } from './pages.ts'
import { parts, places } from './paths.ts'
import { createWindowStates, sizes } from './window-state.ts'

export interface WindowRequest {
  /** Which of our two sites it shows, and at which path. */
  page: 'steward' | 'launcher'
  path: string
  /** The id of the connection whose calls it makes. */
  connectionId: string
  connection: Shell['connection']
  title: string
}

const states = createWindowStates(places.windows)
const connectionOf = new WeakMap<WebContents, string>()

/** A page has no more rights than one in a browser: e2e/page.test.ts asks. */
function preferences(connection: Shell['connection']): WebPreferences {
  return {
    preload: parts.preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    additionalArguments: [connectionSwitch + encodeURIComponent(JSON.stringify(connection))],
  }
}

/** Opens a window: the only place that makes one. */
export function openWindow({ page, path, connectionId, connection, title }: WindowRequest): BrowserWindow {
  const key = page === 'launcher' ? `launcher${path}` : connectionId
  const state = states.of(key)
  const small = page === 'launcher' ? { width: 760, height: 620 } : sizes.usual
  const window = new BrowserWindow({
    ...(state ? state.bounds : small),
    minWidth: sizes.smallest.width,
    minHeight: sizes.smallest.height,
    title,
    show: false,
    webPreferences: preferences(connection),
  })
  connectionOf.set(window.webContents, connectionId)
  guard(window.webContents)
  recoverPage(window)
  states.follow(key, window)
  window.once('ready-to-show', () => {
    if (state?.maximized) window.maximize()
    window.show()
  })
  // A window may be closed before it has loaded.
  window.loadURL(`${scheme}://${page}${path}`).catch(() => {})
  return window
}

/** The connection a window was opened for; null for windows that are not ours. */
export function connectionIdOf(contents: WebContents): string | null {
  return connectionOf.get(contents) ?? null
}

export function tell(contents: WebContents, message: ToPage): void {
  if (!contents.isDestroyed()) contents.send(channels.tell, message)
}

/** All windows that show the console. */
export function consoleWindows(connectionId?: string): BrowserWindow[] {
  return BrowserWindow.getAllWindows().filter((window) => {
    const id = connectionIdOf(window.webContents)
    return id !== null && id !== 'launcher' && (connectionId === undefined || id === connectionId)
  })
}

export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** Keeps a window on the page it was made for; what leads elsewhere opens in the browser. */
function guard(contents: WebContents): void {
  const home = (): string | null => pageOf(contents.getURL())
  const stay = (event: { preventDefault(): void }, url: string): void => {
    if (pageOf(url) !== null && pageOf(url) === home()) return
    event.preventDefault()
    openOutside(url)
  }
  contents.on('will-navigate', (event) => stay(event, event.url))
  contents.on('will-redirect', (event) => stay(event, event.url))
  contents.on('will-frame-navigate', (event) => {
    // No page of ours has frames.
    if (!event.isMainFrame) event.preventDefault()
  })
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url)
    return { action: 'deny' }
  })
}

const crashWindow = 60_000
const crashLimit = 3

/** Loads a page that crashed again, not for ever; asks about one that hangs. */
function recoverPage(window: BrowserWindow): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const now = performance.now()
    crashes = [...crashes.filter((at) => now - at < crashWindow), now]
    if (crashes.length <= crashLimit) return window.webContents.reload()
    void ask(window, `The page crashed ${crashes.length} times (${reason}).`, ['Reload', 'Close the window'])
  })
  window.on(
    'unresponsive',
    () => void ask(window, 'The page does not respond.', ['Reload', 'Close the window', 'Wait']),
  )
}

async function ask(window: BrowserWindow, message: string, buttons: string[]): Promise<void> {
  const { response } = await dialog.showMessageBox(window, { type: 'warning', message, buttons })
  if (window.isDestroyed()) return
  if (response === 0) window.webContents.reload()
  if (response === 1) window.destroy()
}
