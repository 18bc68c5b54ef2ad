import { dialog, type BrowserWindow } from 'electron'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Outcome } from '../shared/bridge.ts'
import type { HostSupervisor } from './host-supervisor.ts'
import { places } from './paths.ts'

/** Asks where to, and copies this computer's data there while it is in use. */
export async function backUpWithDialog(supervisor: HostSupervisor, window: BrowserWindow | null): Promise<Outcome> {
  const day = new Date().toISOString().slice(0, 10)
  const options = {
    title: 'Back up this computer’s data',
    buttonLabel: 'Back up',
    defaultPath: `Steward backup ${day}`,
    message: 'The folder will contain the databases, the bots’ code, and the key that decrypts their secrets.',
  }
  const { canceled, filePath } = window
    ? await dialog.showSaveDialog(window, options)
    : await dialog.showSaveDialog(options)
  if (canceled || !filePath) return null
  return attempt(async () => {
    const missing = await supervisor.backUp(filePath)
    const text = `Backed up to ${basename(filePath)}. It contains the key: keep it safe.`
    const lost = `Missing or damaged code files, which are not in the backup: ${missing}.`
    return { text: missing === 0 ? text : `${text} ${lost}`, isWarning: missing > 0 }
  }, window)
}

/** Asks which backup and whether, and puts it in the place of this computer's data. */
export async function restoreWithDialog(supervisor: HostSupervisor, window: BrowserWindow | null): Promise<Outcome> {
  const options = { title: 'Restore a backup', buttonLabel: 'Restore', properties: ['openDirectory' as const] }
  const { canceled, filePaths } = window
    ? await dialog.showOpenDialog(window, options)
    : await dialog.showOpenDialog(options)
  const [from] = filePaths
  if (canceled || from === undefined) return null
  const question = {
    type: 'warning' as const,
    message: `Replace this computer’s data with “${basename(from)}”?`,
    detail: 'The current data is kept in a separate folder.',
    buttons: ['Restore', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  }
  const { response } = window ? await dialog.showMessageBox(window, question) : await dialog.showMessageBox(question)
  if (response !== 0) return null
  return restoreFrom(supervisor, from, window)
}

export function restoreFrom(supervisor: HostSupervisor, from: string, window: BrowserWindow | null): Promise<Outcome> {
  return attempt(async () => {
    const missing = await supervisor.restore(from)
    const text = `Restored ${basename(from)}. The previous data is kept in a separate folder.`
    const lost = `Missing or damaged code files: ${missing}.`
    return { text: missing === 0 ? text : `${text} ${lost}`, isWarning: missing > 0 }
  }, window)
}

/** What was kept before migrations, newest first. */
export function migrationBackups(): string[] {
  try {
    const names = readdirSync(places.backups()).filter((name) => /^main-before-migration-.*\.db$/.test(name))
    return names.toSorted().toReversed()
  } catch {
    return []
  }
}

/** The path of one of `migrationBackups`; null for any other name. */
export function migrationBackup(name: string): string | null {
  return migrationBackups().includes(name) ? join(places.backups(), name) : null
}

interface Done {
  text: string
  /** The text is about something lost, which must be seen. */
  isWarning: boolean
}

/** A failure and a loss are shown, for the menu has no other place to say it. */
async function attempt(work: () => Promise<Done>, window: BrowserWindow | null): Promise<Outcome> {
  const show = async (type: 'error' | 'warning', message: string): Promise<Outcome> => {
    const box = { type, message, buttons: ['OK'] }
    await (window ? dialog.showMessageBox(window, box) : dialog.showMessageBox(box))
    return { text: message }
  }
  try {
    const { text, isWarning } = await work()
    return isWarning ? await show('warning', text) : { text }
  } catch (cause) {
    return show('error', cause instanceof Error ? cause.message : String(cause))
  }
}
