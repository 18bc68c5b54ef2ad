import { app, dialog, net } from 'electron'
import { openOutside } from './outside.ts'
import { places } from './paths.ts'
import { feedOf, lookForUpdate, releasedFeed } from './updates.ts'

/**
 * Looks at the feed.
 * @param asked by the person, who hears any answer, and has the feed asked that the build was released with. Else only
 *   one that they set is, and only a newer version is told.
 */
export async function tellOfUpdate(asked: boolean): Promise<void> {
  const settings = places.settings()
  const feed = feedOf(settings) ?? (asked ? releasedFeed(places.released()) : null)
  const found = await lookForUpdate({
    feed,
    settings,
    version: app.getVersion(),
    fetch: (address, init) => net.fetch(address, init),
  })
  if (found.kind !== 'newer' && !asked) return
  const buttons = found.kind === 'newer' ? ['Show the download', 'Later'] : ['OK']
  const { response } = await dialog.showMessageBox({ type: 'info', message: found.message, buttons, cancelId: 1 })
  if (found.kind === 'newer' && response === 0 && feed !== null) openOutside(feed)
}
