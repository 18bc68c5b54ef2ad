// The double of the `electron` module in main. What an app may import is here; what is not written throws its own name.
import { unwritten } from './env.ts'

export { app } from './app.ts'
export { ipcMain } from './ipc.ts'
export { DoubleMenu as Menu, DoubleMenuItem as MenuItem } from './menu.ts'
export { net } from './net.ts'
export { DoubleChannel as MessageChannelMain } from './ports.ts'
export { protocol } from './protocol.ts'
export { session } from './rights.ts'
export { dialog, safeStorage, screen, shell } from './small.ts'
export { utilityProcess } from './utility.ts'
export { DoubleWindow as BrowserWindow } from './window.ts'

const missing = (name: string): never =>
  new Proxy(function unwrittenApi() {}, {
    get: (_target, key) => (typeof key === 'symbol' ? undefined : unwritten(`${name}.${key}`)),
    construct: () => unwritten(`new ${name}()`),
    apply: () => unwritten(`${name}()`),
  }) as never

export const autoUpdater = missing('autoUpdater')
export const clipboard = missing('clipboard')
export const crashReporter = missing('crashReporter')
export const globalShortcut = missing('globalShortcut')
export const nativeImage = missing('nativeImage')
export const nativeTheme = missing('nativeTheme')
export const Notification = missing('Notification')
export const powerMonitor = missing('powerMonitor')
export const systemPreferences = missing('systemPreferences')
export const Tray = missing('Tray')
export const webContents = missing('webContents')
export const WebContentsView = missing('WebContentsView')
