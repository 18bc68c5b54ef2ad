import { app } from 'electron'
import { join } from 'node:path'

const dist = join(import.meta.dirname, '..')

/** Where the built parts lie, whether packed or not. */
export const parts = {
  host: join(dist, 'host', 'index.js'),
  preload: join(dist, 'preload', 'index.cjs'),
  /** What `app://<name>/` serves. */
  pages: { steward: join(dist, 'console'), launcher: join(dist, 'launcher') },
  commands: join(dist, 'main', 'commands.json'),
} as const

/** Where this computer's data lies. Chromium's caches are kept apart from it, so that they stay out of backups. */
export const places = {
  data: () => join(app.getPath('userData'), 'data'),
  backups: () => join(places.data(), 'backups'),
  connections: () => join(app.getPath('userData'), 'connections.json'),
  /** Beside the archive; absent in builds without a feed. */
  released: () => join(process.resourcesPath ?? '', 'app-update.yml'),
  settings: () => join(app.getPath('userData'), 'settings.json'),
  windows: () => join(app.getPath('userData'), 'windows.json'),
}

/** Takes `--user-data-dir` as Chromium does, and moves Chromium's own files below it. Before anything is read. */
export function settlePlaces(): void {
  const given = app.commandLine.getSwitchValue('user-data-dir')
  if (given !== '') app.setPath('userData', given)
  app.setPath('sessionData', join(app.getPath('userData'), 'session'))
}
