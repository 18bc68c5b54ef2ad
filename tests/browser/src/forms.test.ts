/** Two people change the same thing: nothing is undone in silence, and nobody loses what they typed. */
import type { Page } from 'playwright-core'
import { type TestContext, describe, expect, test } from 'vitest'
import { button, heading, problemsInBothThemes, fixtureForFile, toast, visit } from './in-browser.ts'
import { settled } from './screens.ts'
import { people } from './seed.ts'
import type { VisitOptions } from './fixture.ts'

const fixture = fixtureForFile()
const jonas = people[0]

/** A page of the owner and one of an administrator, at the same address. */
async function two(context: TestContext, path: string, ready: string | RegExp): Promise<{ mina: Page; theirs: Page }> {
  const open = async (options: VisitOptions): Promise<Page> => {
    const { page } = await visit(context, fixture(), options)
    await page.goto(path)
    await heading(page, ready).waitFor()
    await settled(page)
    return page
  }
  return { mina: await open({ as: 'owner' }), theirs: await open({ as: await fixture().signIn(jonas.email) }) }
}

/** Changes do not arrive by themselves: as on a page that is hidden, or outside of any workspace. */
const deaf = (page: Page): Promise<unknown> => page.context().route('**/trpc/workspace.changes*', () => {})

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true })
const choice = (page: Page, action: string) => page.getByRole('button', { name: action, exact: true })
const clash = (page: Page) => page.getByRole('group', { name: 'Someone else changed this too' })

async function makeBot(context: TestContext, name: string, more: object = {}) {
  const { workspaceId } = fixture().seed
  const { bot } = await fixture().client.bot.create.mutate({ workspaceId, name, ...more })
  const at = { workspaceId, id: bot.id }
  context.onTestFinished(
    () =>
      void fixture()
        .client.bot.delete.mutate(at)
        .catch(() => {}),
  )
  const read = async () => (await fixture().client.bot.get.query(at)).bot
  return { at, read, path: `/w/${workspaceId}/bots/${bot.id}` }
}

describe('the settings of a bot', () => {
  test('each keeps what they changed; what the other changed appears', async (context) => {
    const { path, read } = await makeBot(context, 'shared', { description: 'before' })
    const { mina, theirs } = await two(context, `${path}/settings`, /^shared/)
    await field(theirs, 'Description (optional)').fill('by Jonas')
    await field(mina, 'Name').fill('by Mina')
    await button(mina, 'Save').click()
    await toast(mina, 'Bot saved').waitFor()
    // Live, and beside what is being typed.
    await expect.poll(() => field(theirs, 'Name').inputValue()).toBe('by Mina')
    expect(await field(theirs, 'Description (optional)').inputValue()).toBe('by Jonas')
    await button(theirs, 'Save').click()
    await toast(theirs, 'Bot saved').waitFor()
    expect(await read()).toMatchObject({ name: 'by Mina', description: 'by Jonas' })
  })

  test('only what was changed is sent, where nothing arrives live either', async (context) => {
    const { path, read } = await makeBot(context, 'unheard')
    const { mina, theirs } = await two(context, `${path}/settings`, /^unheard/)
    await deaf(theirs)
    await theirs.reload()
    await heading(theirs, /^unheard/).waitFor()
    await field(mina, 'Name').fill('renamed')
    await button(mina, 'Save').click()
    await toast(mina, 'Bot saved').waitFor()
    await field(theirs, 'Description (optional)').fill('described')
    const sent = theirs.waitForRequest((request) => request.url().includes('bot.update'))
    await field(theirs, 'Description (optional)').press('Control+Enter')
    expect(Object.keys((await sent).postDataJSON() as object).toSorted()).toEqual(['description', 'id', 'workspaceId'])
    await toast(theirs, 'Bot saved').waitFor()
    expect(await read()).toMatchObject({ name: 'renamed', description: 'described' })
  })

  test('where both changed the same, both sides are shown and nothing is sent before one is chosen', async (context) => {
    const { path, read } = await makeBot(context, 'contested', { description: 'before' })
    const { mina, theirs } = await two(context, `${path}/settings`, /^contested/)
    await field(theirs, 'Name').fill('Jonas’s name')
    await field(theirs, 'Description (optional)').fill('Jonas’s words')
    await field(mina, 'Name').fill('Mina’s name')
    await field(mina, 'Description (optional)').fill('Mina’s words')
    await button(mina, 'Save').click()
    await toast(mina, 'Bot saved').waitFor()
    await theirs.getByRole('alert').filter({ hasText: 'Choose what to keep: Name, Description' }).waitFor()
    expect(await problemsInBothThemes(theirs)).toEqual([])
    expect(await clash(theirs).first().innerText()).toMatch(/Yours\s+Jonas’s name[^]*Theirs\s+Mina’s name/)
    await button(theirs, 'Save').click()
    await clash(theirs).first().and(theirs.locator(':focus')).waitFor()
    expect(await read()).toMatchObject({ name: 'Mina’s name', description: 'Mina’s words' })
    await choice(theirs, 'Keep yours').first().click()
    await choice(theirs, 'Use theirs').click()
    expect(await clash(theirs).count()).toBe(0)
    expect(await field(theirs, 'Description (optional)').inputValue()).toBe('Mina’s words')
    await button(theirs, 'Save').click()
    await toast(theirs, 'Bot saved').waitFor()
    expect(await read()).toMatchObject({ name: 'Jonas’s name', description: 'Mina’s words' })
  })

  test('a change that nobody heard of is found when saving', async (context) => {
    const { at, path, read } = await makeBot(context, 'late')
    const { theirs } = await two(context, `${path}/settings`, /^late/)
    await deaf(theirs)
    await theirs.reload()
    await heading(theirs, /^late/).waitFor()
    await field(theirs, 'Name').fill('Jonas’s')
    await fixture().client.bot.update.mutate({ ...at, name: 'Mina’s' })
    await button(theirs, 'Save').click()
    await clash(theirs).waitFor()
    expect(await read()).toMatchObject({ name: 'Mina’s' })
    await choice(theirs, 'Use theirs').click()
    expect(await field(theirs, 'Name').inputValue()).toBe('Mina’s')
    expect(await button(theirs, 'Save').isDisabled()).toBe(true)
  })

  test('a tag that both change is asked about, too', async (context) => {
    const { at, path, read } = await makeBot(context, 'tagged', { tags: { team: 'a' } })
    const { theirs } = await two(context, `${path}/settings`, /^tagged/)
    await theirs.getByLabel('Value of team').fill('b')
    await fixture().client.bot.update.mutate({ ...at, tags: { team: 'c' } })
    await clash(theirs).waitFor()
    expect(await theirs.getByLabel('Value of team').inputValue()).toBe('b')
    await choice(theirs, 'Keep yours').click()
    await theirs.getByLabel('Value of team').press('Enter')
    await expect.poll(async () => (await read()).tags).toEqual({ team: 'b' })
  })

  test('a bot that somebody else deletes says who did, and gives back what was typed', async (context) => {
    const { path } = await makeBot(context, 'doomed')
    const { mina, theirs } = await two(context, `${path}/settings`, /^doomed/)
    await field(mina, 'Description (optional)').fill('three paragraphs of mine')
    await theirs.getByRole('button', { name: 'Delete…', exact: true }).click()
    await theirs.getByRole('alertdialog').getByRole('textbox').fill('doomed')
    await theirs.getByRole('alertdialog').getByRole('button', { name: 'Delete bot' }).click()
    await heading(mina, 'doomed was deleted').waitFor()
    await mina.getByText(`${jonas.name} deleted it`).waitFor()
    expect(await problemsInBothThemes(mina)).toEqual([])
    expect(await mina.getByRole('region', { name: 'Your unsaved changes' }).innerText()).toContain('three paragraphs')
    await mina.getByRole('link', { name: 'Go to bots' }).click()
    await heading(mina, /^Bots/).waitFor()
  })
})

test('the settings of a workspace: each keeps what they changed, and a clash is shown', async (context) => {
  const { id } = await fixture().client.workspace.create.mutate({ name: 'Two heads' })
  await fixture().client.member.create.mutate({ workspaceId: id, email: jonas.email, role: 'administrator' })
  const read = () => fixture().client.workspace.get.query({ id })
  const { mina, theirs } = await two(context, `/w/${id}/settings`, 'Settings')
  await field(theirs, 'About (optional)').fill('by Jonas')
  await field(mina, 'Name').fill('Two minds')
  await button(mina, 'Save changes').click()
  await toast(mina, 'Settings saved').waitFor()
  await expect.poll(() => field(theirs, 'Name').inputValue()).toBe('Two minds')
  await field(theirs, 'Website (optional)').fill('https://jonas.example')
  await field(mina, 'Website (optional)').fill('https://mina.example')
  await button(mina, 'Save changes').click()
  await clash(theirs).waitFor()
  await button(theirs, 'Save changes').click()
  expect(await read()).toMatchObject({ website: 'https://mina.example' })
  await choice(theirs, 'Keep yours').click()
  await button(theirs, 'Save changes').click()
  await toast(theirs, 'Settings saved').waitFor()
  expect(await read()).toMatchObject({ name: 'Two minds', about: 'by Jonas', website: 'https://jonas.example' })
  // Who is taken out of it reads so, and not a page of dead buttons.
  const { members } = await fixture().client.member.list.query({ workspaceId: id })
  const memberId = members.find(({ email }) => email === jonas.email)?.id ?? ''
  await fixture().client.member.delete.mutate({ workspaceId: id, id: memberId })
  await heading(theirs, 'You are no longer in Two minds').waitFor()
})

test('an account: an address that two people complete is one address, and a clash is found when saving', async (context) => {
  const { accountId } = fixture().seed
  const { emptyWorkspaceId } = fixture().seed
  const { link } = await fixture().client.member.invite.mutate({
    workspaceId: emptyWorkspaceId,
    email: jonas.email,
    role: 'viewer',
  })
  const { page: joining } = await visit(context, fixture(), { as: await fixture().signIn(jonas.email) })
  await joining.goto(link)
  await button(joining, 'Join workspace').click()
  await joining.waitForURL('**/w/*/home')
  await fixture().client.account.addAdministrator.mutate({ accountId, email: jonas.email })
  const billingAddress = { line1: 'Main Street 1', city: 'Oslo', postalCode: '0150', country: 'NO' }
  await fixture().client.account.update.mutate({ accountId, billingAddress })
  const read = () => fixture().client.account.get.query({ accountId })
  const { mina, theirs } = await two(context, `/accounts/${accountId}`, new RegExp(`^${fixture().seed.accountName}`))
  await field(theirs, 'City').fill('Bergen')
  await field(theirs, 'Tax number (optional)').fill('JW-1')
  await field(mina, 'Postal code').fill('5003')
  await field(mina, 'Tax number (optional)').fill('MO-1')
  await button(mina, 'Save account').click()
  await toast(mina, 'Account saved').waitFor()
  await button(theirs, 'Save account').click()
  await clash(theirs).waitFor()
  expect(await read()).toMatchObject({ taxId: 'MO-1', billingAddress: { city: 'Oslo' } })
  await choice(theirs, 'Keep yours').click()
  await button(theirs, 'Save account').click()
  await toast(theirs, 'Account saved').waitFor()
  expect(await read()).toMatchObject({
    taxId: 'JW-1',
    billingAddress: { ...billingAddress, city: 'Bergen', postalCode: '5003' },
  })
})

describe('the configuration', () => {
  const data = { greeting: 'Hi', from: 9, to: 17 }
  const editor = (page: Page) => page.getByLabel('Configuration data, JSON', { exact: true })
  const json = (value: object): string => JSON.stringify(value, null, 2)

  test('different values are merged while one types, and the caret stays', async (context) => {
    const { path, read } = await makeBot(context, 'merged', { configuration: { schema: {}, data } })
    const { mina, theirs } = await two(context, `${path}/configuration`, /^merged/)
    await editor(theirs).fill(json({ ...data, to: 18 }))
    await editor(theirs).evaluate((area: HTMLTextAreaElement) =>
      area.setSelectionRange(area.value.length - 2, area.value.length - 2),
    )
    await editor(mina).fill(json({ ...data, greeting: 'Good morning' }))
    await button(mina, 'Save configuration').click()
    await toast(mina, 'Configuration saved').waitFor()
    const both = { greeting: 'Good morning', from: 9, to: 18 }
    await expect.poll(() => editor(theirs).inputValue()).toBe(json(both))
    const behind = await editor(theirs).evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart))
    expect(behind).toBe('\n}')
    await button(theirs, 'Save configuration').click()
    await toast(theirs, 'Configuration saved').waitFor()
    expect((await read()).configuration.data).toEqual(both)
  })

  test('what is half typed is left alone, and merged when it is whole', async (context) => {
    const { at, path, read } = await makeBot(context, 'half-typed', { configuration: { schema: {}, data } })
    const { theirs } = await two(context, `${path}/configuration`, /^half-typed/)
    const half = json({ to: 17, greeting: 'Hi', from: 9 }).replace('}', ',\n  "more": }')
    await editor(theirs).fill(half)
    await fixture().client.bot.update.mutate({ ...at, configuration: { data: { ...data, greeting: 'Good morning' } } })
    await theirs.getByText('Both can be merged once yours is valid JSON.').waitFor()
    expect(await editor(theirs).inputValue()).toBe(half)
    await editor(theirs).fill(half.replace('"more": ', '"more": 1'))
    await choice(theirs, 'Merge').click()
    await button(theirs, 'Save configuration').click()
    await toast(theirs, 'Configuration saved').waitFor()
    const saved = (await read()).configuration.data
    expect(saved).toEqual({ greeting: 'Good morning', from: 9, to: 17, more: 1 })
    // The order of names is the writer's.
    expect(Object.keys(saved)[0]).toBe('to')
  })

  test('the same value is chosen, one by one, before anything is saved', async (context) => {
    const { path, read } = await makeBot(context, 'chosen', { configuration: { schema: {}, data } })
    const { mina, theirs } = await two(context, `${path}/configuration`, /^chosen/)
    await editor(theirs).fill(json({ greeting: 'Jonas', from: 8, to: 18 }))
    await editor(mina).fill(json({ greeting: 'Mina', from: 10, to: 17 }))
    await button(mina, 'Save configuration').click()
    await toast(mina, 'Configuration saved').waitFor()
    await theirs.getByRole('group', { name: 'The data was changed by someone else too' }).waitFor()
    expect(await problemsInBothThemes(theirs)).toEqual([])
    await button(theirs, 'Save configuration').click()
    expect((await read()).configuration.data).toMatchObject({ greeting: 'Mina' })
    await choice(theirs, 'Keep yours: greeting').click()
    await choice(theirs, 'Use theirs: from').click()
    await expect.poll(() => editor(theirs).inputValue()).toBe(json({ greeting: 'Jonas', from: 10, to: 18 }))
    await button(theirs, 'Save configuration').click()
    await toast(theirs, 'Configuration saved').waitFor()
    expect((await read()).configuration.data).toEqual({ greeting: 'Jonas', from: 10, to: 18 })
  })
})
