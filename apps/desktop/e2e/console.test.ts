import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { freshHome, eachDriver, until, urlOf, type Driver } from './drivers.ts'
import { built } from './place.ts'

const start = (driver: Driver, args: string[] = []) =>
  driver.start({ home: freshHome(), dist: built.console, denyNetwork: true, args })

function watch(page: Page): string[] {
  const problems: string[] = []
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(String(error)))
  return problems
}

describe.skipIf(!built.hasConsole())('with the real console', () => {
  eachDriver('this computer', (driver) => {
    it('opens offline without sign-in, answers the menu, and asks nobody else', async () => {
      const app = await start(driver)
      const page = await app.waitForWindow((url) => url.startsWith('app://steward/'))
      const problems = watch(page)
      await page.getByText('This computer').first().waitFor()
      await until('home is shown', () => /^app:\/\/steward\/w\/[^/]+\/home$/.test(urlOf(page)))
      await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('go.members')?.click())
      await until('members are shown', () => urlOf(page).endsWith('/members'))
      await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('palette.open')?.click())
      await page.getByRole('dialog').waitFor()
      expect(problems).toEqual([])
      expect(app.journal().filter(({ kind }) => kind !== 'host')).toEqual([])
    })

    it('answers every call of the API over the port', async () => {
      const app = await start(driver)
      const page = await app.waitForWindow((url) => url.startsWith('app://steward/'))
      await until('home is shown', () => urlOf(page).includes('/w/'))
      const answers = await page.evaluate(async () => {
        const fetch = window.steward?.connection.fetch
        if (!fetch) return null
        const workspaceId = location.pathname.split('/')[2]
        const made = await fetch('/trpc/bot.create', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ workspaceId, name: 'Offline' }),
        })
        const listed = await fetch(`/v1/admin/bots`, { headers: { 'x-workspace-id': workspaceId ?? '' } })
        const missing = await fetch('/trpc/bot.get?input=%7B%22id%22%3A%22none%22%7D')
        return { made: made.status, listed: (await listed.text()).includes('Offline'), missing: missing.status }
      })
      expect(answers).toEqual({ made: 200, listed: true, missing: 404 })
    })
  })
})
