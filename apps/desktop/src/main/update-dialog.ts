import { app, dialog, net } from 'electron'
import { openOutside } from './outside.ts'
import { places } from './paths.ts'
import { feedOf, lookForUpdate } from './updates.ts'

/** Looks at the feed, if the person set one. @param when whether any answer is told, or only that there is a newer version. */
export async function tellOfUpdate(when: 'newer' | 'whatever'): Promise<void> {
  const settings = places.settings()
  const feed = feedOf(settings)
  const found = await lookForUpdate({
    settings,
    version: app.getVersion(),
    fetch: (address, init) => net.fetch(address, init),
  })
  if (found.kind !== 'newer' && when === 'newer') return
  const buttons = found.kind === 'newer' ? ['Show the download', 'Later'] : ['OK']
  const { response } = await dialog.showMessageBox({ type: 'info', message: found.message, buttons, cancelId: 1 })
  if (found.kind === 'newer' && response === 0 && feed !== null) openOutside(feed)
}
