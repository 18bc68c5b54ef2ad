/** The console at the addresses people use: plain http on a LAN name, another name of this machine, a wrong clock. */
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { button, heading, fixtureForFile, signIn, visit } from './in-browser.ts'
import { onLan, ownerEmail, password, startTestServer } from './fixture.ts'

const fixture = fixtureForFile()
const lan = (): string => onLan(fixture().url)

async function makeBot(page: Page, name: string) {
  await page.goto(`/w/${fixture().seed.workspaceId}/bots?do=create`)
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Create bot' }).click()
  await page.getByRole('dialog', { name: `${name} created` }).waitFor()
  return page.getByRole('dialog', { name: `${name} created` })
}

/** What Ctrl+V gives. A page that is no secure context cannot read the clipboard itself. */
async function pasted(page: Page): Promise<string> {
  await page.goto('/me/profile')
  const field = page.getByLabel('Name', { exact: true })
  await field.fill('')
  await field.press('ControlOrMeta+v')
  const text = await field.inputValue()
  await button(page, 'Discard changes').click()
  return text
}

describe('plain http on a LAN name', () => {
  test('signs in, changes a bot and copies what is shown once', async (context) => {
    const { page } = await visit(context, fixture(), { url: lan(), refusals: true, permissions: [] })
    await signIn(page)
    await page.waitForURL('**/w/*/home')
    expect(await page.evaluate(() => [isSecureContext, 'clipboard' in navigator])).toEqual([false, false])

    const dialog = await makeBot(page, 'lan-bot')
    const secret = await dialog.locator('code').innerText()
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await dialog.getByRole('button', { name: 'Copied' }).waitFor()
    await dialog.getByRole('button', { name: 'Open bot' }).click()
    await heading(page, /^lan-bot/).waitFor()
    expect(await pasted(page)).toBe(secret)

    const [made] = (
      await fixture().client.bot.list.query({ workspaceId: fixture().seed.workspaceId, search: 'lan-bot' })
    ).bots
    await page.goto(`/w/${fixture().seed.workspaceId}/bots/${made?.id}/settings`)
    await page.getByLabel('Name', { exact: true }).fill('lan-renamed')
    await button(page, 'Save').click()
    await heading(page, /^lan-renamed/).waitFor()
    await fixture().client.bot.delete.mutate({ workspaceId: fixture().seed.workspaceId, id: made?.id ?? '' })
  })

  test('where the browser refuses to copy, the secret is selected and not taken for copied', async (context) => {
    const { page } = await visit(context, fixture(), { url: lan(), refusals: true, permissions: [] })
    await page.addInitScript(() => void (document.execCommand = () => false))
    await signIn(page)
    await page.waitForURL('**/w/*/home')
    const dialog = await makeBot(page, 'uncopied')
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await dialog.getByText('The text is selected: press Ctrl+C.').waitFor()
    expect(await page.evaluate(() => document.getSelection()?.toString())).toBe(
      await dialog.locator('code').innerText(),
    )
    await dialog.getByRole('button', { name: 'Open bot' }).click()
    await dialog.getByText('You have not copied the signing secret yet.').waitFor()
    await dialog.getByRole('button', { name: 'Close without copying' }).click()
    const [made] = (
      await fixture().client.bot.list.query({ workspaceId: fixture().seed.workspaceId, search: 'uncopied' })
    ).bots
    await fixture().client.bot.delete.mutate({ workspaceId: fixture().seed.workspaceId, id: made?.id ?? '' })
  })
})

test.each(['localhost', 'steward.lan'])(
  'at %s the first person sets up, is signed in, and signs in again',
  async (name) => {
    const app = await startTestServer()
    const made = await fixture().visit({ url: app.url.replace('127.0.0.1', name), refusals: true })
    try {
      await made.page.goto('/set-up')
      // As it comes out of a terminal that broke the line.
      await made.page.getByLabel('Setup code').fill(`  ${app.setUpCode.slice(0, 20)} ${app.setUpCode.slice(20)}  `)
      await made.page.getByLabel('Name').fill('Mina Osei')
      await made.page.getByLabel('Email').fill(ownerEmail)
      await made.page.getByLabel('Password').fill(password)
      await button(made.page, 'Create owner account').click()
      await made.page.waitForURL('**/w/*/home')
      await made.context.clearCookies()
      await signIn(made.page)
      await made.page.waitForURL('**/w/*/home')
      expect(made.wrongs).toEqual([])
    } finally {
      await made.context.close()
      await app.close()
    }
  },
)

test.each(['//evil.lan', '/\\evil.lan', '/.//evil.lan'])('sign-in does not lead to %s', async (next) => {
  const made = await fixture().visit({ refusals: true })
  try {
    await signIn(made.page, `/sign-in?next=${encodeURIComponent(next)}`)
    await made.page.waitForURL('**/w/*/home')
    expect(made.wrongs).toEqual([])
  } finally {
    await made.context.close()
  }
})

describe('what the page says', () => {
  test('a fault of the page is no missing server, and a missing server is one', async (context) => {
    const { page, wrongs } = await visit(context, fixture(), { as: 'owner', refusals: true })
    await page.goto('/me/profile')
    const name = page.getByLabel('Name', { exact: true })
    await name.fill('Mina O.')
    await page.evaluate(() => void (crypto.getRandomValues = undefined as never))
    await button(page, 'Save profile').click()
    await page.getByText('Something went wrong on this page: crypto.getRandomValues is not a function').waitFor()
    expect(await page.getByText('Steward does not answer').count()).toBe(0)
    await page.reload()
    await name.fill('Mina O.')
    await page.context().setOffline(true)
    await button(page, 'Save profile').click()
    await page.getByText('Steward does not answer').first().waitFor()
    await page.context().setOffline(false)
    wrongs.splice(0)
  })

  test('times that have passed are past where the browser’s clock is a day behind', async (context) => {
    const { page } = await visit(context, fixture())
    await page.clock.setSystemTime(Date.now() - 24 * 3_600_000)
    await page.goto(`/w/${fixture().seed.workspaceId}/bots`)
    await page.getByRole('row').filter({ hasText: fixture().seed.botName }).waitFor()
    const times = await page.locator('main time').allInnerTexts()
    expect(times.length).toBeGreaterThan(0)
    expect(times.filter((text) => text.startsWith('in ') || text === 'tomorrow')).toEqual([])
  })
})
