import { AxeBuilder } from '@axe-core/playwright'
import { env } from 'node:process'
import type { Page } from 'playwright-core'
import { type TestContext, afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commandIds, commands } from '../src/commands/table.ts'
import { type Screen, openScreen, screensOf, settled, useTheme } from './screens.ts'
import { people } from './seed.ts'
import {
  type Stand,
  type Visit,
  type VisitOptions,
  openStand,
  ownerEmail,
  password,
  startHouse,
  whyNoStand,
} from './stand.ts'

const reason = whyNoStand()
// Where nobody looks at the output a missing browser must not pass for a passed test.
if (reason !== null && env['CI']) throw new Error(reason)
if (reason !== null) process.stdout.write(`The console is not tried in a browser. ${reason}\n`)

let stand: Stand
beforeAll(async () => {
  if (reason === null) stand = await openStand()
}, 120_000)
afterAll(async () => stand?.close())
beforeEach(({ skip }) => {
  if (reason !== null) skip(reason)
})

/** A visit that ends with the test, and that nothing may go wrong in. */
async function visit({ onTestFinished }: TestContext, options: VisitOptions = { as: 'owner' }): Promise<Visit> {
  const made = await stand.visit(options)
  onTestFinished(async () => {
    await made.context.close()
    expect(made.wrongs).toEqual([])
  })
  return made
}

const workspacePath = (): string => `/w/${stand.seed.workspaceId}`
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const toast = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })

async function problemsOf(page: Page, rules?: string[]): Promise<string[]> {
  const builder = new AxeBuilder({ page }).setLegacyMode()
  const { violations } = await (rules ? builder.withRules(rules) : builder).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
  )
}

describe('screens', () => {
  const placeholder = {
    workspaceId: '',
    workspaceName: '',
    accountId: '',
    accountName: '',
    botId: '',
    botName: '',
    invitationPath: '',
    emptyWorkspaceId: '',
    emptyWorkspaceName: '',
  }
  /** One page for all who see the same, as people keep their tab: what it runs is compiled once. */
  const visits = new Map<string, Promise<Visit>>()
  afterAll(async () => {
    for (const made of visits.values()) await (await made).context.close()
  })
  async function pageFor(screen: Screen, { onTestFinished }: TestContext): Promise<Page> {
    const who = `${screen.as} ${screen.refused}`
    const made = visits.get(who) ?? stand.visitorOf(screen).then((options) => stand.visit(options))
    visits.set(who, made)
    const { page, wrongs } = await made
    onTestFinished(() => expect(wrongs.splice(0)).toEqual([]))
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    return page
  }

  for (const { name } of screensOf(placeholder))
    test(`${name} opens by its address, keeps to its origin and is clean in both themes`, async (context) => {
      const screen = screensOf(stand.seed).find((one) => one.name === name)
      if (!screen) throw new Error(`There is no screen ${name}.`)
      const page = await pageFor(screen, context)
      await openScreen(page, screen)
      const light = await problemsOf(page)
      await useTheme(page, 'dark')
      // What the theme changes is colours.
      const dark = await problemsOf(page, ['color-contrast', 'link-in-text-block'])
      expect({ light, dark }).toEqual({ light: [], dark: [] })
    })
})

describe('the way in', () => {
  test('the printed link makes the first person the owner', async (context) => {
    const house = await startHouse()
    context.onTestFinished(() => house.close())
    const { page } = await visit(context, { url: house.url, refusals: true })
    await page.goto(`/set-up?code=${house.setUpCode}`)
    await page.getByLabel('Name').fill('Mina Osei')
    await page.getByLabel('E-mail').fill(ownerEmail)
    await page.getByLabel('Password').fill(password)
    await button(page, 'Become the owner').click()
    await page.getByRole('button', { name: `You: ${ownerEmail}` }).waitFor()
    await page.waitForURL('**/w/*/home')
    expect(await page.title()).toContain('Steward')
  })

  test('a deep link leads through sign-in and back; a wrong password is refused in words', async (context) => {
    const { page } = await visit(context, { refusals: true })
    await page.goto('/me/profile')
    await heading(page, 'Sign in').waitFor()
    await page.getByLabel('E-mail').fill(ownerEmail)
    await page.getByLabel('Password').fill('this is not the password')
    await button(page, 'Sign in').click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Password').fill(password)
    await button(page, 'Sign in').click()
    await heading(page, 'Profile').waitFor()
    expect(new URL(page.url()).pathname).toBe('/me/profile')
  })

  test('an invitation makes a viewer, who sees what a viewer may and nothing to press beyond it', async (context) => {
    const { page } = await visit(context)
    const email = 'ines.costa@northwind.example'
    await page.goto(`${workspacePath()}/members`)
    await button(page, 'Add people').first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail').fill(email)
    await dialog.getByLabel('Role').selectOption('viewer')
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click()
    const link = await dialog.getByLabel('Invitation link').inputValue()

    const { page: theirs } = await visit(context, { refusals: true })
    await theirs.goto(link)
    await heading(theirs, `Join ${stand.seed.workspaceName}`).waitFor()
    await theirs.getByLabel('Name').fill('Ines Costa')
    await theirs.getByLabel('Password').fill(password)
    await button(theirs, 'Create account and join').click()
    // The page before says the workspace's name too.
    await theirs.waitForURL('**/w/*/home')
    await heading(theirs, stand.seed.workspaceName).waitFor()
    await theirs.goto(`${workspacePath()}/bots`)
    await heading(theirs, /^Bots/).waitFor()
    await settled(theirs)
    expect(await button(theirs, 'New bot').count()).toBe(0)
    await theirs.goto(`${workspacePath()}/audit`)
    await theirs.getByRole('heading', { name: 'Your role does not open this' }).waitFor()
    await theirs.goto(`${workspacePath()}/settings`)
    await heading(theirs, 'Settings').waitFor()
    expect(await theirs.getByLabel('Name', { exact: true }).isDisabled()).toBe(true)
  })

  test('signing out everywhere ends this browser and the others', async (context) => {
    const { email } = people[2]
    const [here, there] = [await stand.signIn(email), await stand.signIn(email)]
    const { page } = await visit(context, { as: here, refusals: true })
    const { page: other } = await visit(context, { as: there, refusals: true })
    await other.goto('/me/profile')
    await heading(other, 'Profile').waitFor()
    await page.goto('/me/sessions')
    await button(page, 'Sign out everywhere…').click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByLabel('Sign out of this browser too').click()
    await dialog.getByRole('button', { name: 'Sign out everywhere' }).click()
    await heading(page, 'Sign in').waitFor()
    await other.reload()
    await heading(other, 'Sign in').waitFor()
    expect(new URL(other.url()).searchParams.get('next')).toBe('/me/profile')
  })
})

describe('work', () => {
  test('a bot is made, saved, deployed and rolled back', async (context) => {
    const { page } = await visit(context)
    const dialog = page.getByRole('dialog')
    await page.goto(`${workspacePath()}/bots`)
    await button(page, 'New bot').first().click()
    await dialog.getByLabel('Name').fill('greeter')
    await dialog.getByRole('button', { name: 'Create bot' }).click()
    await page.getByRole('dialog', { name: 'greeter is made' }).waitFor()
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await dialog.getByRole('button', { name: 'Open bot' }).click()
    await heading(page, /^greeter/).waitFor()
    for (const version of ['1.0.0', '1.1.0']) {
      await button(page, 'Save version').click()
      await dialog.getByLabel('Name').fill(version)
      await dialog.getByRole('button', { name: 'Save version' }).click()
      await toast(page, `${version} is saved`).waitFor()
      await button(page, 'Deploy…').click()
      await dialog.getByRole('button', { name: `Deploy ${version}` }).click()
      await toast(page, `${version} is in force in greeter`).waitFor()
    }
    await button(page, 'More actions').click()
    await page.getByRole('menuitem', { name: 'Roll back…' }).click()
    await dialog.getByRole('button', { name: 'Roll back to 1.0.0' }).click()
    await toast(page, '1.0.0 is in force in greeter').last().waitFor()
    await page.getByRole('link', { name: 'Versions', exact: true }).click()
    const inForce = page.getByRole('row').filter({ hasText: 'In force' })
    await inForce.waitFor()
    expect(await inForce.innerText()).toContain('1.0.0')
  })

  test('a rename is undone from its toast; a bot is deleted only after its name was typed', async (context) => {
    const { bot } = await stand.client.bot.create.mutate({ workspaceId: stand.seed.workspaceId, name: 'short-lived' })
    const { page } = await visit(context)
    await page.goto(`${workspacePath()}/bots/${bot.id}/overview`)
    await heading(page, /^short-lived/).waitFor()
    await button(page, 'More actions').click()
    await page.getByRole('menuitem', { name: 'Rename…' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('renamed')
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click()
    await heading(page, /^renamed/).waitFor()
    await toast(page, 'Renamed to renamed').getByRole('button', { name: 'Undo' }).click()
    await heading(page, /^short-lived/).waitFor()
    await button(page, 'More actions').click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    const dialog = page.getByRole('alertdialog')
    const confirm = dialog.getByRole('button', { name: 'Delete bot' })
    await dialog.getByRole('textbox').fill('short-live')
    expect(await confirm.isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill('short-lived')
    await confirm.click()
    await heading(page, /^Bots/).waitFor()
    await page.getByText(stand.seed.botName, { exact: true }).first().waitFor()
    const { bots } = await stand.client.bot.list.query({ workspaceId: stand.seed.workspaceId })
    expect(bots.map(({ name }) => name)).not.toContain('short-lived')
  })

  test('what others change appears by itself, over a connection that broke too', async (context) => {
    const { workspaceId } = stand.seed
    const { page } = await visit(context, { as: 'owner', refusals: true })
    const rename = (name: string) => stand.client.bot.update.mutate({ workspaceId, id: bot.id, name })
    const { bot } = await stand.client.bot.create.mutate({ workspaceId, name: 'watched' })
    await page.goto(`${workspacePath()}/bots/${bot.id}/overview`)
    await heading(page, /^watched/).waitFor()
    await rename('seen-live')
    await heading(page, /^seen-live/).waitFor()
    await page.context().setOffline(true)
    await rename('seen-late')
    await page.context().setOffline(false)
    await heading(page, /^seen-late/).waitFor()
    expect(new URL(page.url()).pathname).toContain(bot.id)
    await stand.client.bot.delete.mutate({ workspaceId, id: bot.id })
  })

  test('new rows appear at the top of a list; further down nothing moves until it is wanted', async (context) => {
    const { id: workspaceId } = await stand.client.workspace.create.mutate({ name: 'Busy' })
    const create = (name: string) => stand.client.bot.create.mutate({ workspaceId, name })
    for (let n = 0; n < 40; n += 1) await create(`early-${n}`)
    const { page } = await visit(context)
    await page.goto(`/w/${workspaceId}/bots`)
    const row = (name: string) => page.getByRole('row').filter({ hasText: name })
    await row('early-39').waitFor()
    await create('at-the-top')
    await row('at-the-top').waitFor()
    await page.getByRole('grid').hover()
    await page.mouse.wheel(0, 900)
    await row('early-12').waitFor()
    await create('unseen')
    const pill = page.getByRole('button', { name: 'Show what is new' })
    await pill.waitFor()
    expect(await row('unseen').count()).toBe(0)
    await page.keyboard.press('r')
    await row('unseen').waitFor()
    await pill.waitFor({ state: 'detached' })
  })

  test('a token is shown once', async (context) => {
    const { page } = await visit(context)
    await page.goto('/me/tokens')
    await button(page, 'New token').first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('What is it for?').fill('Nightly export')
    await dialog.getByLabel('Audit', { exact: true }).getByText('Read').click()
    await dialog.getByRole('button', { name: 'Create token' }).click()
    const value = await dialog.getByRole('region', { name: 'Value of the token' }).innerText()
    expect(value).toMatch(/^bp_pat_\w{40,}$/)
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.reload()
    await page.getByText('Nightly export').first().waitFor()
    expect(await page.content()).not.toContain(value)
  })

  test('the palette takes keys before it has come, finds people, and the sheet lists every command', async (context) => {
    const { page } = await visit(context)
    await page.route(/\/palette-[^/]*\.js$/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 400))
      await route.continue()
    })
    await page.goto(`${workspacePath()}/home`)
    await heading(page, stand.seed.workspaceName).waitFor()
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    // Opened and closed before it has come: the page has its keys back.
    await page.keyboard.press('Control+k')
    await page.keyboard.press('Control+k')
    await page.keyboard.press('?')
    await sheet.waitFor()
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'hidden' })
    await page.reload()
    await heading(page, stand.seed.workspaceName).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('Go to')
    expect(await page.getByRole('dialog').count()).toBe(0)
    // Some of it before the palette is there, the rest while it comes and after.
    await page.keyboard.type(' the audit', { delay: 60 })
    expect(await page.getByRole('dialog').getByRole('combobox').inputValue()).toBe('Go to the audit')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.keyboard.press('Control+k')
    await page.keyboard.type('Go to bots')
    await page.keyboard.press('Enter')
    await heading(page, /^Bots/).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('priya')
    await page.getByRole('option', { name: /Priya Nair/, selected: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: /Priya Nair/ }).waitFor()
    await page.keyboard.press('?')
    await sheet.waitFor()
    const listed = await sheet.getByRole('listitem').allInnerTexts()
    const titles = new Set(listed.map((line) => line.split('\n')[0]))
    expect(commandIds.filter((id) => !titles.has(commands[id].title))).toEqual([])
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'hidden' })
    expect(new URL(page.url()).pathname).toBe(`${workspacePath()}/members`)
  })

  test('the focus goes back to where a dialog came from', async (context) => {
    const { page } = await visit(context)
    const dialog = page.getByRole('dialog')
    const focused = (name: string) => page.getByRole('button', { name, exact: true }).and(page.locator(':focus'))
    await page.goto(`${workspacePath()}/bots/${stand.seed.botId}/overview`)
    await button(page, 'Save version').press('Enter')
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await focused('Save version').waitFor()
    // From a menu, whose item is gone by then.
    await button(page, 'More actions').press('Enter')
    await page.getByRole('menuitem', { name: 'Rename…' }).press('Enter')
    await dialog.getByLabel('Name').and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Escape')
    await focused('More actions').waitFor()
    // By a key nothing was focused: the page's content takes it, and a second press closes the palette.
    await page.goto(`${workspacePath()}/bots`)
    await heading(page, /^Bots/).waitFor()
    await page.keyboard.press('c')
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await page.locator('#main:focus').waitFor()
    await page.keyboard.press('Control+k')
    await dialog.waitFor()
    await page.keyboard.press('Control+k')
    await dialog.waitFor({ state: 'hidden' })
    expect(await page.locator('#main:focus').count()).toBe(1)
  })

  test('what was done is told by what it was, and the rail stays with the workspace', async (context) => {
    const { page } = await visit(context)
    await page.goto(`${workspacePath()}/audit`)
    const row = page.getByRole('row').filter({ hasText: 'Widget on the web site' })
    await row.waitFor()
    expect(await row.innerText()).toContain('Created a key')
    await page.goto('/me/profile')
    await heading(page, 'Profile').waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('b')
    await heading(page, /^Bots/).waitFor()
    expect(new URL(page.url()).pathname).toBe(`${workspacePath()}/bots`)
  })

  test('a chosen theme stays', async (context) => {
    const { page } = await visit(context)
    await page.goto('/me/profile')
    await page.getByRole('button', { name: `You: ${ownerEmail}` }).click()
    await page.getByRole('menuitemradio', { name: 'Dark' }).click()
    await page.locator('html[data-theme="dark"]').waitFor()
    await page.reload()
    await heading(page, 'Profile').waitFor()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
  })
})
