import type { StewardError } from '@steward/api/client'
import { describe, expect, test } from 'vitest'
import { commandIds, commands } from '@steward/console/commands'
import { button, heading, fixtureForFile, toast, visit } from './in-browser.ts'
import { ownerEmail } from './fixture.ts'

const fixture = fixtureForFile()
const workspacePath = (): string => `/w/${fixture().seed.workspaceId}`

describe('work', () => {
  test('a bot is made, saved, deployed and rolled back', async (context) => {
    const { page } = await visit(context, fixture())
    const dialog = page.getByRole('dialog')
    await page.goto(`${workspacePath()}/bots`)
    await button(page, 'New bot').first().click()
    await dialog.getByLabel('Name').fill('greeter')
    await dialog.getByRole('button', { name: 'Create bot' }).click()
    await page.getByRole('dialog', { name: 'greeter created' }).waitFor()
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await dialog.getByRole('button', { name: 'Open bot' }).click()
    await heading(page, /^greeter/).waitFor()
    for (const version of ['1.0.0', '1.1.0']) {
      await button(page, 'Save version').click()
      await dialog.getByLabel('Name').fill(version)
      await dialog.getByRole('button', { name: 'Save version' }).click()
      await toast(page, `${version} saved`).waitFor()
      await button(page, 'Deploy…').click()
      await dialog.getByRole('button', { name: `Deploy ${version}` }).click()
      await toast(page, `${version} deployed to greeter`).waitFor()
    }
    await button(page, 'More actions').click()
    await page.getByRole('menuitem', { name: 'Roll back…' }).click()
    await dialog.getByRole('button', { name: 'Roll back to 1.0.0' }).click()
    await toast(page, '1.0.0 deployed to greeter').last().waitFor()
    await page.getByRole('link', { name: 'Versions', exact: true }).click()
    const current = page.getByRole('row').filter({ hasText: 'Current' })
    await current.waitFor()
    expect(await current.innerText()).toContain('1.0.0')
  })

  test('a rename is undone from its toast; a bot is deleted only after its name was typed', async (context) => {
    const { bot } = await fixture().client.bot.create.mutate({
      workspaceId: fixture().seed.workspaceId,
      name: 'short-lived',
    })
    const { page } = await visit(context, fixture())
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
    await page.getByText(fixture().seed.botName, { exact: true }).first().waitFor()
    const { bots } = await fixture().client.bot.list.query({ workspaceId: fixture().seed.workspaceId })
    expect(bots.map(({ name }) => name)).not.toContain('short-lived')
  })

  test('what others change appears by itself, over a connection that broke too', async (context) => {
    const { workspaceId } = fixture().seed
    const { page } = await visit(context, fixture(), { as: 'owner', refusals: true })
    const rename = (name: string) => fixture().client.bot.update.mutate({ workspaceId, id: bot.id, name })
    const { bot } = await fixture().client.bot.create.mutate({ workspaceId, name: 'watched' })
    await page.goto(`${workspacePath()}/bots/${bot.id}/overview`)
    await heading(page, /^watched/).waitFor()
    await rename('seen-live')
    await heading(page, /^seen-live/).waitFor()
    await page.context().setOffline(true)
    await rename('seen-late')
    await page.context().setOffline(false)
    await heading(page, /^seen-late/).waitFor()
    expect(new URL(page.url()).pathname).toContain(bot.id)
    await fixture().client.bot.delete.mutate({ workspaceId, id: bot.id })
  })

  test('new rows appear at the top of a list; further down nothing moves until it is wanted', async (context) => {
    const { id: workspaceId } = await fixture().client.workspace.create.mutate({ name: 'Busy' })
    const create = (name: string) => fixture().client.bot.create.mutate({ workspaceId, name })
    for (let n = 0; n < 40; n += 1) await create(`early-${n}`)
    const { page } = await visit(context, fixture())
    await page.goto(`/w/${workspaceId}/bots`)
    const row = (name: string) => page.getByRole('row').filter({ hasText: name })
    await row('early-39').waitFor()
    await create('at-the-top')
    await row('at-the-top').waitFor()
    await page.getByRole('grid').hover()
    await page.mouse.wheel(0, 900)
    await row('early-12').waitFor()
    await create('unseen')
    const pill = page.getByRole('button', { name: 'Show new entries' })
    await pill.waitFor()
    expect(await row('unseen').count()).toBe(0)
    await page.keyboard.press('r')
    await row('unseen').waitFor()
    await pill.waitFor({ state: 'detached' })
  })

  test('the configuration is checked as it is typed, in the words of the server', async (context) => {
    const { workspaceId } = fixture().seed
    const schema = {
      properties: {
        email: { pattern: '^(?!.*\\.\\.)[a-z.]+@[a-z.]+$' },
        rest: { additionalProperties: { $ref: '#/definitions/n' } },
      },
      required: ['email'],
      definitions: { n: { type: 'number' } },
    }
    const data = { email: 'ann@example.com' }
    const client = fixture().client.bot
    const { bot } = await client.create.mutate({ workspaceId, name: 'checked', configuration: { schema, data } })
    const { page } = await visit(context, fixture())
    await page.goto(`${workspacePath()}/bots/${bot.id}/configuration`)
    const editor = page.getByLabel('Configuration data, JSON', { exact: true })
    await page.getByText('Matches the schema.').waitFor()
    for (const wrong of [{}, { email: 'a..b@example.com' }, { ...data, rest: { 'a.b': 'x' } }]) {
      const refusal: unknown = await client.update
        .mutate({ workspaceId, id: bot.id, configuration: { data: wrong } })
        .catch((error: unknown) => error)
      const { at, fault } = (refusal as StewardError).metadata as { at: string[]; fault: string }
      await editor.fill(JSON.stringify(wrong, null, 2))
      await page.getByRole('button', { name: `${at.join('.')} ${fault}.` }).waitFor()
    }
    expect(await button(page, 'Save configuration').isDisabled()).toBe(true)
    await editor.fill(JSON.stringify({ email: 'bob@example.com' }))
    await button(page, 'Save configuration').click()
    await toast(page, 'Configuration saved').waitFor()
  })

  test('a token is shown once', async (context) => {
    const { page } = await visit(context, fixture())
    await page.goto('/me/tokens')
    await button(page, 'New token').first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('What is it for?').fill('Nightly export')
    await dialog.getByLabel('Audit', { exact: true }).getByText('Read').click()
    await dialog.getByRole('button', { name: 'Create token' }).click()
    const value = await dialog.getByRole('region', { name: 'Token value' }).innerText()
    expect(value).toMatch(/^bp_pat_\w{40,}$/)
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.reload()
    await page.getByText('Nightly export').first().waitFor()
    expect(await page.content()).not.toContain(value)
  })

  test('the palette takes keys before it has come, finds people, and the sheet lists every command', async (context) => {
    const { page } = await visit(context, fixture())
    let held = Promise.withResolvers<void>()
    await page.route(/\/palette-[^/]*\.js$/, async (route) => {
      await held.promise
      await route.continue()
    })
    await page.goto(`${workspacePath()}/home`)
    await heading(page, fixture().seed.workspaceName).waitFor()
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    // Opened and closed before it has come: the page has its keys back.
    await page.keyboard.press('Control+k')
    await page.keyboard.press('Control+k')
    held.resolve()
    await page.keyboard.press('?')
    await sheet.waitFor()
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'hidden' })
    held = Promise.withResolvers()
    await page.reload()
    await heading(page, fixture().seed.workspaceName).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('Go to')
    expect(await page.getByRole('dialog').count()).toBe(0)
    held.resolve()
    // Some of it before the palette is there, the rest while it comes and after.
    await page.keyboard.type(' the audit', { delay: 60 })
    await expect.poll(() => page.getByRole('dialog').getByRole('combobox').inputValue()).toBe('Go to the audit')
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
    const { page } = await visit(context, fixture())
    const dialog = page.getByRole('dialog')
    const focused = (name: string) => page.getByRole('button', { name, exact: true }).and(page.locator(':focus'))
    await page.goto(`${workspacePath()}/bots/${fixture().seed.botId}/overview`)
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
    await expect.poll(() => page.locator('#main:focus').count()).toBe(1)
  })

  test('what was done is told by what it was, and the rail stays with the workspace', async (context) => {
    const { page } = await visit(context, fixture())
    await page.goto(`${workspacePath()}/audit`)
    const row = page.getByRole('row').filter({ hasText: 'Widget on the web site' })
    await row.waitFor()
    expect(await row.innerText()).toContain('Created a key')
    await page.goto('/me/profile')
    await heading(page, 'Profile').waitFor()
    // One after the other, but without a wait for what the page does at the first: the second counts within a second.
    await Promise.all(['g', 'b'].map((key) => page.keyboard.press(key)))
    await heading(page, /^Bots/).waitFor()
    expect(new URL(page.url()).pathname).toBe(`${workspacePath()}/bots`)
  })

  test('a chosen theme stays', async (context) => {
    const { page } = await visit(context, fixture())
    await page.goto('/me/profile')
    await page.getByRole('button', { name: `You: ${ownerEmail}` }).click()
    await page.getByRole('menuitemradio', { name: 'Dark' }).click()
    await page.locator('html[data-theme="dark"]').waitFor()
    await page.reload()
    await heading(page, 'Profile').waitFor()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
  })
})
