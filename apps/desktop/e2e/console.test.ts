import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Application } from '@steward/electron-double'
import { clickMenu, eachDriver, hostPid, until, urlOf } from './drivers.ts'
import { built } from './paths.ts'

function watch(page: Page): string[] {
  const problems: string[] = []
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(String(error)))
  return problems
}

describe.skipIf(!built.hasConsole())('with the real console', () => {
  eachDriver('this computer', (driver) => {
    let app: Application
    let page: Page
    beforeAll(async () => {
      app = await driver.start({ dist: built.console, denyNetwork: true })
      page = await app.waitForWindow((url) => url.startsWith('app://steward/'))
    })

    it('opens offline without sign-in, answers the menu, and asks nobody else', async () => {
      const problems = watch(page)
      await page.getByText('This computer').first().waitFor()
      await until('home is shown', () => /^app:\/\/steward\/w\/[^/]+\/home$/.test(urlOf(page)))
      await clickMenu(app, 'go.members')
      await until('members are shown', () => urlOf(page).endsWith('/members'))
      await clickMenu(app, 'palette.open')
      await page.getByRole('dialog').waitFor()
      expect(problems).toEqual([])
      expect(app.journal().filter(({ kind }) => kind !== 'host')).toEqual([])
    })

    it('answers every call of the API over the port', async () => {
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

    it('follows a link to a bot, and shows what others change there, also after the host was killed', async () => {
      const change = (path: string, input: object) =>
        page.evaluate(
          async ([procedure, given]) => {
            const body = JSON.stringify({ workspaceId: location.pathname.split('/')[2], ...given })
            const headers = { 'content-type': 'application/json' }
            const answer = await window.steward?.connection.fetch(`/trpc/${procedure}`, {
              method: 'POST',
              headers,
              body,
            })
            return (await answer?.json()) as { result: { data: { bot: { id: string } } } }
          },
          [path, input] as const,
        )
      const { id } = (await change('bot.create', { name: 'First name' })).result.data.bot
      const workspace = new URL(urlOf(page)).pathname.split('/')[2]
      await app.evaluate(({ app: shell }, link) => {
        shell.emit('open-url', { preventDefault: () => {} }, link)
      }, `steward://w/${workspace}/bots/${id}/overview`)
      const heading = (name: string) => page.getByRole('heading', { name: new RegExp(`^${name}`) })
      await heading('First name').waitFor()
      await change('bot.update', { id, name: 'Second name' })
      await heading('Second name').waitFor()
      process.kill(await hostPid(app), 'SIGKILL')
      await until('another host answers', () =>
        change('bot.update', { id, name: 'Third name' }).then(
          () => true,
          () => false,
        ),
      )
      await heading('Third name').waitFor()
      expect(new URL(urlOf(page)).pathname).toContain(id)

      await change('version.create', { id, name: 'kept', description: '' })
      // What the page hands over to be saved, instead of the dialog that asks where.
      await page.evaluate(() => {
        HTMLAnchorElement.prototype.click = function click(this: HTMLAnchorElement) {
          document.title = `${this.download} ${this.protocol}`
        }
      })
      // The palette of the menu is still open.
      await page.keyboard.press('Escape')
      await page.getByRole('link', { name: 'Versions' }).click()
      await page
        .getByRole('button', { name: /^Actions for/ })
        .first()
        .click()
      await page.getByRole('menuitem', { name: 'Download' }).click()
      await until('the version is saved', async () => (await page.title()) === 'Third-name-kept.json blob:')
      expect(new URL(urlOf(page)).pathname).toContain('/versions')
    })
  })
})
