import type { Page } from 'playwright-core'
import type { Application } from '../double/launch.ts'
import { clickMenu, until } from './drivers.ts'

/** Opens the window of connections. */
export async function openConnections(app: Application): Promise<Page> {
  await clickMenu(app, 'shell.connections')
  const desk = await app.waitForWindow((url) => url === 'app://desk/connections')
  await desk.locator('h1', { hasText: 'Connections' }).waitFor()
  return desk
}

export interface Given {
  name?: string
  url: string
  token: string
  remember?: boolean
}

/** Fills the form in and sends it. */
export async function add(desk: Page, { name = 'Office', url, token, remember = true }: Given): Promise<void> {
  await desk.fill('#name', name)
  await desk.fill('#url', url)
  await desk.fill('#token', token)
  const box = desk.locator('#remember')
  if (await box.count()) await box.setChecked(remember)
  await desk.getByRole('button', { name: 'Add server' }).click()
}

/** Opens a connection's window from there. */
export async function openRemote(app: Application, desk: Page, name = 'Office'): Promise<Page> {
  const before = new Set(app.windows())
  await desk.getByRole('button', { name: `Open ${name}` }).click()
  await until('the window is there', () => app.windows().some((page) => !before.has(page)))
  const page = app.windows().find((one) => !before.has(one))
  if (!page) throw new Error('The window went away.')
  await page.locator('html[data-ready]').waitFor()
  return page
}
