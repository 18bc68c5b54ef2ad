/*
 * Main is a broker: windows, menu, dialogs, links, tokens at rest, and the life of the host. It sees no data. What must
 * happen before the app is ready happens here at once; nothing may be awaited before it.
 */
import { app } from 'electron'
import { linkAmong, linkScheme, pathOfLink } from './links.ts'
import { announceScheme } from './pages.ts'
import { settlePlaces } from './paths.ts'
import { startShell, type RunningShell } from './shell.ts'

settlePlaces()
announceScheme()

let shell: RunningShell | null = null
let firstPath = linkAmong(process.argv)

// macOS hands links over before the app is ready.
app.on('open-url', (event, link) => {
  event.preventDefault()
  const path = pathOfLink(link)
  if (path === null) return
  if (shell) shell.open(path)
  else firstPath = path
})

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', (_event, args) => shell?.open(linkAmong(args)))
  // While developing, the program is Electron itself, which could do nothing with a link.
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme)
  void app.whenReady().then(() => {
    shell = startShell(firstPath)
    return undefined
  })
} else {
  app.quit()
}
