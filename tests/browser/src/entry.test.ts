import { describe, expect, test } from 'vitest'
import { button, heading, fixtureForFile, toast, visit } from './in-browser.ts'
import { settled } from './screens.ts'
import { people } from './seed.ts'
import { ownerEmail, password, startTestServer } from './fixture.ts'

const fixture = fixtureForFile()
const workspacePath = (): string => `/w/${fixture().seed.workspaceId}`

describe('the way in', () => {
  test('the printed link makes the first person the owner', async (context) => {
    const app = await startTestServer()
    context.onTestFinished(() => app.close())
    const { page } = await visit(context, fixture(), { url: app.url, refusals: true })
    await page.goto(`/set-up#${app.setUpCode}`)
    await page.getByLabel('Name').fill('Mina Osei')
    await page.getByLabel('Email').fill(ownerEmail)
    await page.getByLabel('Password').fill(password)
    await button(page, 'Create owner account').click()
    await page.getByRole('button', { name: `You: ${ownerEmail}` }).waitFor()
    await page.waitForURL('**/w/*/home')
    expect(await page.title()).toContain('Steward')
  })

  test('a deep link leads through sign-in and back; a wrong password is refused in words', async (context) => {
    const { page } = await visit(context, fixture(), { refusals: true })
    await page.goto('/me/profile')
    await heading(page, 'Sign in').waitFor()
    await page.getByLabel('Email').fill(ownerEmail)
    await button(page, 'Sign in').click()
    await page.getByLabel('Password').and(page.locator(':focus')).waitFor()
    await page.getByText('Required.').waitFor()
    await page.getByLabel('Password').fill('this is not the password')
    await button(page, 'Sign in').click()
    await page.getByText('The email or password is wrong.').waitFor()
    await page.getByLabel('Password').fill(password)
    await button(page, 'Sign in').click()
    await heading(page, 'Profile').waitFor()
    expect(new URL(page.url()).pathname).toBe('/me/profile')
  })

  test('who comes back from an identity provider without being signed in reads why', async (context) => {
    const { page } = await visit(context, fixture(), { refusals: true })
    await page.goto('/auth/error?error=access_denied')
    await heading(page, 'Sign in').waitFor()
    await page.getByRole('alert').filter({ hasText: 'did not let you in' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/sign-in')
  })

  test('an invitation makes a viewer, who sees what a viewer may and nothing to press beyond it', async (context) => {
    const { page } = await visit(context, fixture())
    const email = 'ines.costa@northwind.example'
    await page.goto(`${workspacePath()}/members`)
    await button(page, 'Add people').first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Email').fill(email)
    await dialog.getByLabel('Role').selectOption('viewer')
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click()
    const link = await dialog.getByLabel('Invitation link').inputValue()

    const { page: theirs } = await visit(context, fixture(), { refusals: true })
    const sent: string[] = []
    theirs.on('request', (request) => sent.push(request.url(), JSON.stringify(request.headers())))
    await theirs.goto(link)
    await heading(theirs, `Join ${fixture().seed.workspaceName}`).waitFor()
    await theirs.getByLabel('Name').fill('Ines Costa')
    await theirs.getByLabel('Password').fill(password)
    await button(theirs, 'Create account and join').click()
    // The page before says the workspace's name too.
    await theirs.waitForURL('**/w/*/home')
    await heading(theirs, fixture().seed.workspaceName).waitFor()
    const secret = new URL(link).hash.slice(1)
    expect(secret).toMatch(/^stw_inv_/)
    expect(sent.filter((text) => text.includes(secret))).toEqual([])
    await theirs.goto(link)
    await theirs.waitForURL('**/w/*/home')
    await theirs.goto(`${workspacePath()}/bots`)
    await heading(theirs, /^Bots/).waitFor()
    await settled(theirs)
    expect(await button(theirs, 'New bot').count()).toBe(0)
    await theirs.goto(`${workspacePath()}/audit`)
    await theirs.getByRole('heading', { name: 'You don’t have access' }).waitFor()
    await theirs.goto(`${workspacePath()}/settings`)
    await heading(theirs, 'Settings').waitFor()
    expect(await theirs.getByLabel('Name', { exact: true }).isDisabled()).toBe(true)
  })

  test('who signs out leaves nothing in the browser, also where Steward cannot be told', async (context) => {
    const { page } = await visit(context, fixture(), { as: await fixture().signIn(people[1].email), refusals: true })
    const stored = () =>
      page.evaluate(() => JSON.stringify([localStorage, sessionStorage].flatMap((kept) => Object.entries(kept))))
    await page.goto(`${workspacePath()}/home`)
    await heading(page, fixture().seed.workspaceName).waitFor()
    for (const [typed, there] of [
      ['Go to bots', /^Bots/],
      [people[2].name, /^Members/],
    ] as const) {
      await page.keyboard.press('Control+k')
      await page.keyboard.type(typed)
      await page.getByRole('option', { name: typed, selected: true }).waitFor()
      await page.keyboard.press('Enter')
      await heading(page, there).waitFor()
    }
    expect(await stored()).toContain('go.bots')
    expect(await stored()).not.toContain(people[2].name)
    const leave = async (): Promise<void> => {
      await page.getByRole('button', { name: /^You: / }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
    }
    await page.route('**/auth/sign-out', (route) => route.fulfill({ status: 403, json: { message: 'Not now.' } }))
    await leave()
    await toast(page, 'Sign-out failed. Not now.').waitFor()
    expect(await stored()).not.toContain('recent')
    await page.unroute('**/auth/sign-out')
    // With something half typed, too.
    await page.goto('/me/profile')
    await page.getByLabel('Name', { exact: true }).fill('Half a name')
    await expect.poll(stored).toContain('Half a name')
    await leave()
    await heading(page, 'Sign in').waitFor()
    expect(await stored()).not.toMatch(/@|recent|Half a name/)
  })

  test('signing out everywhere ends this browser and the others', async (context) => {
    const { email } = people[2]
    const [here, there] = [await fixture().signIn(email), await fixture().signIn(email)]
    const { page } = await visit(context, fixture(), { as: here, refusals: true })
    const { page: other } = await visit(context, fixture(), { as: there, refusals: true })
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
