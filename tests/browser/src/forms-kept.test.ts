/** What was typed is kept: over a session that ended, a reload, a new build of the console, and a hasty finger. */
import type { Page } from 'playwright-core'
import { type TestContext, describe, expect, test } from 'vitest'
import { button, heading, problemsInBothThemes, fixtureForFile, toast, visit } from './in-browser.ts'
import { settled } from './screens.ts'
import { people } from './seed.ts'
import { type SignedIn, ownerEmail, password } from './fixture.ts'

const fixture = fixtureForFile()
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true })
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true })
const found = (page: Page) => page.getByRole('status').filter({ hasText: 'Your unsaved changes are still here' })
const stored = (page: Page): Promise<string> =>
  page.evaluate(() => [sessionStorage, localStorage].flatMap((kept) => Object.entries(kept)).join('\n'))

async function botPage(
  context: TestContext,
  name: string,
  { tab = 'settings', as = 'owner' }: { tab?: string; as?: 'owner' | SignedIn } = {},
) {
  const { workspaceId } = fixture().seed
  const { bot } = await fixture().client.bot.create.mutate({ workspaceId, name, description: 'before' })
  const at = { workspaceId, id: bot.id }
  context.onTestFinished(
    () =>
      void fixture()
        .client.bot.delete.mutate(at)
        .catch(() => {}),
  )
  const { page, wrongs } = await visit(context, fixture(), { as, refusals: true })
  await page.goto(`/w/${workspaceId}/bots/${bot.id}/${tab}`)
  await heading(page, new RegExp(`^${name}`)).waitFor()
  await settled(page)
  const read = async () => (await fixture().client.bot.get.query(at)).bot
  return { page, wrongs, at, read }
}

async function signInAgain(page: Page, secret = password): Promise<void> {
  const over = dialog(page, 'Sign in again')
  await over.waitFor()
  await over.getByLabel('Password').fill(secret)
  await over.getByRole('button', { name: 'Sign in', exact: true }).click()
}

describe('over a session that ended', () => {
  test('one signs in again over the page, and what was pressed goes on', async (context) => {
    const { page, read } = await botPage(context, 'interrupted')
    await field(page, 'Description (optional)').fill('a long text')
    await page.context().clearCookies()
    await button(page, 'Save').click()
    const over = dialog(page, 'Sign in again')
    await over.waitFor()
    expect(await over.getByLabel('Email').inputValue()).toBe(ownerEmail)
    await over.getByLabel('Password').and(page.locator(':focus')).waitFor()
    expect(await problemsInBothThemes(page)).toEqual([])
    await page.keyboard.press('Escape')
    await signInAgain(page, 'this is not the password')
    await over.getByText('email or password is wrong').waitFor()
    await signInAgain(page)
    await toast(page, 'Bot saved').waitFor()
    await over.waitFor({ state: 'detached' })
    expect((await read()).description).toBe('a long text')
    // The page lives on: what others change arrives again.
    await fixture().client.bot.update.mutate({
      workspaceId: fixture().seed.workspaceId,
      id: (await read()).id,
      name: 'heard',
    })
    await heading(page, /^heard/).waitFor()
  })

  test('a dialog that is open stays open, with all that is in it', async (context) => {
    const { page, at } = await botPage(context, 'dialogued')
    await button(page, 'Save version').click()
    const under = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: 'Save a version' }) })
    await under.getByLabel('Name').fill('1.0.0')
    await under.getByLabel('Description (optional)').fill('typed before')
    await page.context().clearCookies()
    await under.getByRole('button', { name: 'Save version' }).click()
    await signInAgain(page)
    await toast(page, '1.0.0 saved').waitFor()
    const { versions } = await fixture().client.version.history.query(at)
    expect(versions).toMatchObject([{ name: '1.0.0', description: 'typed before' }])
  })

  test('somebody else finds neither the page nor what was typed', async (context) => {
    const { page, read } = await botPage(context, 'private')
    await field(page, 'Description (optional)').fill('for my eyes only')
    await page.context().clearCookies()
    await button(page, 'Save').click()
    const over = dialog(page, 'Sign in again')
    await over.getByRole('button', { name: 'Sign in as another user' }).click()
    await heading(page, 'Sign in').waitFor()
    expect(await stored(page)).not.toContain('for my eyes only')
    await field(page, 'Email').fill(people[1].email)
    await field(page, 'Password').fill(password)
    await button(page, 'Sign in').click()
    await page.waitForURL('**/w/*/home')
    expect((await read()).description).toBe('before')
  })
})

test('who signs in in another tab neither sees nor saves what somebody else typed', async (context) => {
  // A session of its own: signing in ends the one that the browser had.
  const { page, read } = await botPage(context, 'two-tabs', { as: await fixture().signIn(ownerEmail) })
  await field(page, 'Description (optional)').fill('for my eyes only')
  const tab = await page.context().newPage()
  await tab.goto('/sign-in')
  await field(tab, 'Email').fill(people[1].email)
  await field(tab, 'Password').fill(password)
  await button(tab, 'Sign in').click()
  await tab.waitForURL('**/w/*/home')
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await page.waitForURL('**/w/*/home')
  await page.getByRole('button', { name: `You: ${people[1].email}` }).waitFor()
  expect(await stored(page)).not.toContain('for my eyes only')
  expect((await read()).description).toBe('before')
})

describe('over a reload', () => {
  test('what was typed is found, said to be so, and can be discarded', async (context) => {
    const { page } = await botPage(context, 'reloaded')
    await field(page, 'Description (optional)').fill('half a sentence')
    await page.reload()
    await found(page).waitFor()
    expect(await problemsInBothThemes(page)).toEqual([])
    expect(await field(page, 'Description (optional)').inputValue()).toBe('half a sentence')
    await found(page).getByRole('button', { name: 'Discard' }).click()
    expect(await field(page, 'Description (optional)').inputValue()).toBe('before')
    await page.reload()
    await field(page, 'Name').waitFor()
    expect(await found(page).count()).toBe(0)
  })

  test('what others changed meanwhile is seen, and what is saved is not found again', async (context) => {
    const { page, at, read } = await botPage(context, 'overtaken')
    await field(page, 'Description (optional)').fill('mine')
    await page.goto('about:blank')
    await fixture().client.bot.update.mutate({ ...at, description: 'theirs', name: 'taken-over' })
    await page.goBack()
    await found(page).waitFor()
    await page.getByRole('group', { name: 'Someone else changed this too' }).waitFor()
    expect(await field(page, 'Name').inputValue()).toBe('taken-over')
    await button(page, 'Keep yours').click()
    await button(page, 'Save').click()
    await toast(page, 'Bot saved').waitFor()
    expect(await read()).toMatchObject({ description: 'mine', name: 'taken-over' })
    expect(await stored(page)).not.toContain('mine')
    expect(await found(page).count()).toBe(0)
  })

  test('leaving without saving gives it up', async (context) => {
    const { page } = await botPage(context, 'left')
    await field(page, 'Description (optional)').fill('given up')
    await page.getByRole('link', { name: 'Overview', exact: true }).click()
    await page.getByRole('button', { name: 'Leave', exact: true }).click()
    await page.waitForURL('**/overview')
    expect(await stored(page)).not.toContain('given up')
    await page.getByRole('link', { name: 'Settings', exact: true }).last().click()
    await field(page, 'Name').waitFor()
    expect(await field(page, 'Description (optional)').inputValue()).toBe('before')
  })

  test('the configuration is kept, too', async (context) => {
    const { page } = await botPage(context, 'configured', { tab: 'configuration' })
    const editor = page.getByLabel('Configuration data, JSON', { exact: true })
    await editor.fill('{ "half": ')
    await page.reload()
    await found(page).waitFor()
    expect(await editor.inputValue()).toBe('{ "half": ')
    await found(page).getByRole('button', { name: 'Discard' }).click()
    expect(await editor.inputValue()).toBe('{}')
  })

  test('a dialog that was closed by mistake opens with what was in it; Cancel means it', async (context) => {
    const { page } = await botPage(context, 'closed-early')
    await page.goto(`/w/${fixture().seed.workspaceId}/bots?do=create`)
    const create = dialog(page, 'New bot')
    await create.getByLabel('Description (optional)').fill('what it is for')
    await page.keyboard.press('Escape')
    await create.waitFor({ state: 'detached' })
    await button(page, 'New bot').first().click()
    await found(page).waitFor()
    expect(await create.getByLabel('Description (optional)').inputValue()).toBe('what it is for')
    await create.getByRole('button', { name: 'Cancel' }).click()
    expect(await stored(page)).not.toContain('what it is for')
  })

  test('secrets are kept nowhere', async (context) => {
    const { page } = await botPage(context, 'secretive')
    await page.getByRole('button', { name: 'Set secret' }).click()
    await dialog(page, 'Set a secret').getByLabel('Name').fill('API_KEY')
    await dialog(page, 'Set a secret').getByLabel('Value').fill('sealed-value-1')
    expect(await stored(page)).not.toContain('sealed-value-1')
    await page.keyboard.press('Escape')
    await page.goto('/me/security')
    await field(page, 'Current password').fill('old-password-1')
    await field(page, 'New password').fill('new-password-1')
    expect(await stored(page)).not.toMatch(/old-password-1|new-password-1/)
  })
})

test('a new build of the console: a part that is gone leaves the form in place, and loading again brings it back', async (context) => {
  const { page, wrongs, read } = await botPage(context, 'upgraded')
  await field(page, 'Description (optional)').fill('typed on the old build')
  await page.route(/\/transfer-bot-[^/]*\.js$/, (route) => route.fulfill({ status: 404, body: '' }))
  await page.getByRole('button', { name: 'Transfer…', exact: true }).click()
  await page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor()
  expect(await field(page, 'Description (optional)').inputValue()).toBe('typed on the old build')
  await page.unroute(/\/transfer-bot-[^/]*\.js$/)
  await button(page, 'Reload page').click()
  // The dialog that was asked for opens now.
  await page.getByRole('alertdialog').waitFor()
  await page.keyboard.press('Escape')
  await found(page).waitFor()
  await button(page, 'Save').click()
  await toast(page, 'Bot saved').waitFor()
  expect((await read()).description).toBe('typed on the old build')
  // The browser tells of the missing file.
  wrongs.splice(0)
})

describe('a form', () => {
  test('is sent once, however often it is pressed', async (context) => {
    const { page, at } = await botPage(context, 'pressed')
    let sent = 0
    const held = Promise.withResolvers<void>()
    await page.route('**/trpc/version.create*', async (route) => {
      sent += 1
      await held.promise
      await route.continue()
    })
    await button(page, 'Save version').click()
    const name = dialog(page, 'Save a version').getByLabel('Name')
    await name.fill('1.0.0')
    for (const key of ['Enter', 'Enter', 'Control+Enter']) await name.press(key)
    held.resolve()
    await toast(page, '1.0.0 saved').waitFor()
    expect(sent).toBe(1)
    const { versions } = await fixture().client.version.history.query(at)
    expect(versions).toHaveLength(1)
  })

  test('is not sent by the Enter that takes over a word of an input method', async (context) => {
    const { page, read } = await botPage(context, 'composed')
    const name = field(page, 'Name')
    await name.fill('')
    const session = await page.context().newCDPSession(page)
    await session.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
    // What Chromium sends while a word is being composed, and Safari after it has ended.
    await session.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    })
    await session.send('Input.dispatchKeyEvent', { type: 'char', key: 'Enter', text: '\r', windowsVirtualKeyCode: 13 })
    await session.send('Input.insertText', { text: '日本' })
    await settled(page)
    expect([await name.inputValue(), (await read()).name]).toEqual(['日本', 'composed'])
    await name.press('Enter')
    await toast(page, 'Bot saved').waitFor()
    expect((await read()).name).toBe('日本')
  })

  test('leads to the first field that is wrong, and says there what is', async (context) => {
    const { page } = await visit(context, fixture())
    await page.goto('/me/tokens')
    await button(page, 'New token').first().click()
    const create = dialog(page, 'New token')
    await create.getByRole('button', { name: 'Create token' }).click()
    const note = create.getByLabel('What is it for?')
    await note.and(page.locator(':focus')).waitFor()
    expect(await note.getAttribute('aria-invalid')).toBe('true')
    await note.fill('CI')
    await create.getByRole('button', { name: 'Create token' }).click()
    await create.getByRole('group', { name: 'Permissions' }).and(page.locator(':focus')).waitFor()
    await create.getByText('Choose at least one permission.').waitFor()
    await page.goto(`/w/${fixture().seed.workspaceId}/audit?do=erase`)
    const erase = dialog(page, 'Erase personal data')
    await erase.getByRole('button', { name: 'Continue' }).click()
    await erase.getByText('Choose a member, or enter an id below.').waitFor()
    await erase.getByRole('combobox', { name: 'Member' }).and(page.locator(':focus')).waitFor()
    await erase.getByLabel('Or the user id').fill('somebody-who-left')
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog', { name: /^Erase the data of/ }).waitFor()
    await page.goto('/me/security')
    await field(page, 'New password').fill('a sentence of words')
    await button(page, 'Change password').click()
    await field(page, 'Current password').and(page.locator(':focus')).waitFor()
    await page.getByText('The two new passwords do not match.').first().waitFor()
  })
})
