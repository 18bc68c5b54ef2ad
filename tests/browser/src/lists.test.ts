import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { type TestContext, describe, expect, test } from 'vitest'
import { heading, fixtureForFile, visit } from './in-browser.ts'
import { settled } from './screens.ts'

const fixture = fixtureForFile()

/** The list of bots in a browser of its own. */
async function bots(context: TestContext, search = ''): Promise<Page> {
  const { page } = await visit(context, fixture())
  await open(page, search)
  return page
}

async function open(page: Page, search = ''): Promise<void> {
  await page.goto(`/w/${fixture().seed.workspaceId}/bots${search}`)
  await heading(page, /^Bots/).waitFor()
  await settled(page)
}

const all = [
  'billing-helper',
  'faq-de',
  'faq-en',
  'onboarding-guide',
  'order-status',
  'returns-desk',
  'store-finder',
  'support-agent',
]

const grid = (page: Page) => page.getByRole('grid', { name: 'Bots' })
const header = (page: Page, name: string) => grid(page).getByRole('columnheader', { name, exact: true })
const viewButton = (page: Page) => page.getByRole('toolbar', { name: 'Filters' }).getByRole('button').last()
const item = (page: Page, name: string) => page.getByRole('menuitem', { name })
const column = (page: Page, name: string) => page.getByRole('menuitemcheckbox', { name, exact: true })
const searchOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)
const namesOf = (page: Page) => grid(page).getByRole('row').getByRole('link').allInnerTexts()

/** Waits until these rows fixture there, in this order. */
async function shows(page: Page, names: string[]): Promise<void> {
  await expect.poll(() => namesOf(page)).toEqual(names)
}

async function filter(page: Page, name: string, choice: string): Promise<void> {
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('menuitem', { name, exact: true }).click()
  await page.getByRole('combobox', { name, exact: true }).selectOption({ label: choice })
}

describe('a list', () => {
  test('is searched while one types; the address keeps it', async (context) => {
    const page = await bots(context, '?sort=name.asc')
    await shows(page, all)
    await page.keyboard.press('/')
    await page.keyboard.type('FAQ', { delay: 15 })
    await shows(page, ['faq-de', 'faq-en'])
    await expect.poll(() => searchOf(page)).toEqual({ q: 'FAQ', sort: 'name.asc' })
    await page.reload()
    await shows(page, ['faq-de', 'faq-en'])
    const box = page.getByRole('searchbox', { name: 'Search by name' })
    expect(await box.inputValue()).toBe('FAQ')
    await box.fill('nothing is called so')
    await page.getByText('No bots match these filters').waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await shows(page, all)
    expect([await box.inputValue(), searchOf(page)]).toEqual(['', { sort: 'name.asc' }])
  })

  test('loses no letter of somebody who types fast, or goes back', async (context) => {
    const page = await bots(context)
    const box = page.getByRole('searchbox', { name: 'Search by name' })
    await box.pressSequentially('returns-desk')
    expect(await box.inputValue()).toBe('returns-desk')
    await shows(page, ['returns-desk'])
    for (let letters = 5; letters > 0; letters -= 1) await page.keyboard.press('Backspace')
    await shows(page, ['returns-desk'])
    await expect.poll(() => searchOf(page)).toEqual({ q: 'returns' })
    expect(await box.inputValue()).toBe('returns')
  })

  test('is filtered by type, state and tag, each a chip', async (context) => {
    const page = await bots(context, '?sort=name.asc')
    await filter(page, 'Type', 'Studio')
    await filter(page, 'State', 'Not deployed')
    await shows(page, ['faq-de', 'faq-en', 'onboarding-guide', 'order-status', 'returns-desk'])
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await item(page, 'Tag').click()
    await page.getByLabel('Tag: key').fill('team')
    await page.getByLabel('Tag: value').fill('shipping')
    await page.keyboard.press('Enter')
    await shows(page, ['order-status', 'returns-desk'])
    expect(searchOf(page)).toEqual({ sort: 'name.asc', type: 'studio', state: 'not-deployed', tag: 'team=shipping' })
    await page.reload()
    await shows(page, ['order-status', 'returns-desk'])
    for (const name of ['Tag team=shipping', 'Type studio', 'State not-deployed'])
      await page.getByRole('button', { name: `Remove the filter ${name}` }).click()
    await shows(page, all)
    await filter(page, 'State', 'Deployed')
    await shows(page, ['support-agent'])
  })

  test('is sorted by its headers', async (context) => {
    const page = await bots(context)
    expect(await header(page, 'Created').getAttribute('aria-sort')).toBe('descending')
    const sort = async (name: string): Promise<void> => header(page, name).getByRole('button').click()
    await sort('Name')
    await shows(page, all)
    expect(await header(page, 'Name').getAttribute('aria-sort')).toBe('ascending')
    await sort('Name')
    await shows(page, all.toReversed())
    await expect.poll(() => searchOf(page)).toEqual({ sort: 'name.desc' })
    await sort('Created')
    await expect.poll(async () => (await namesOf(page)).slice(0, 3)).toEqual(['support-agent', 'faq-de', 'faq-en'])
    await sort('Created')
    await expect.poll(() => searchOf(page)).toEqual({ sort: 'createdAt.asc' })
    await page.reload()
    expect(await header(page, 'Created').getAttribute('aria-sort')).toBe('ascending')
    expect(await header(page, 'Name').getAttribute('aria-sort')).toBe(null)
    await expect.poll(async () => (await namesOf(page))[0]).toBe('order-status')
  })

  test('shows the columns that somebody chose, without a mouse, here and the next time', async (context) => {
    const page = await bots(context)
    await page.keyboard.press('Shift+V')
    await column(page, 'Type').waitFor()
    const axe = await new AxeBuilder({ page }).setLegacyMode().analyze()
    expect(axe.violations.map(({ id }) => id)).toEqual([])
    expect(await column(page, 'Name').getAttribute('aria-disabled')).toBe('true')
    for (const [letters, name] of [
      ['ty', 'Type'],
      ['id', 'Id'],
    ] as const) {
      const typed = async (): Promise<string | null> => {
        await page.keyboard.type(letters)
        return page.locator(':focus').textContent()
      }
      // Typing ahead begins anew a second after the last letter.
      await expect.poll(typed, { interval: 1100 }).toBe(name)
      await page.keyboard.press('Enter')
    }
    await page.keyboard.press('Escape')
    await header(page, 'Id').waitFor()
    await header(page, 'Type').waitFor({ state: 'detached' })
    await expect.poll(() => searchOf(page)['cols']).toBe('name,tags,state,deployed,updated,created,id')
    await open(page)
    expect([await header(page, 'Id').count(), await header(page, 'Type').count()]).toEqual([1, 0])
    await open(page, '?cols=name,created,type')
    expect(await grid(page).getByRole('columnheader').allInnerTexts()).toEqual([
      '',
      'Name',
      'Created',
      'Type',
      'Actions',
    ])
    await page.keyboard.press('Shift+V')
    await column(page, 'Created').focus()
    await page.keyboard.press('Alt+ArrowDown')
    await expect.poll(() => searchOf(page)).toEqual({ cols: 'name,type,created' })
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Created')
    await page.keyboard.press('Alt+ArrowDown')
    await page.keyboard.press('Escape')
    const headers = (): Promise<string[]> => grid(page).getByRole('columnheader').allInnerTexts()
    await expect.poll(headers).toEqual(['', 'Name', 'Type', 'Created', 'Actions'])
    await viewButton(page).click()
    await item(page, 'Reset columns').click()
    await header(page, 'Type').waitFor()
    await open(page)
    expect([await header(page, 'Id').count(), await header(page, 'Type').count()]).toEqual([0, 1])
  })

  test('is kept as a view, with its person', async (context) => {
    const page = await bots(context, '?tag=team%3Dshipping&sort=name.desc&cols=name,tags&inspect=none')
    await viewButton(page).click()
    await item(page, 'Save this view…').click()
    await page.getByRole('dialog').getByLabel('Name').fill('Shipping')
    await page.getByRole('dialog').getByRole('button', { name: 'Save view' }).click()
    await page.getByRole('button', { name: 'Shipping', exact: true }).waitFor()

    const elsewhere = await bots(context)
    expect(await viewButton(elsewhere).innerText()).toBe('View')
    await viewButton(elsewhere).click()
    await elsewhere.getByRole('menuitemradio', { name: 'Shipping' }).click()
    await shows(elsewhere, ['returns-desk', 'order-status'])
    const search = { tag: 'team=shipping', sort: 'name.desc', cols: 'name,tags' }
    expect(searchOf(elsewhere)).toEqual(search)
    await elsewhere.reload()
    await shows(elsewhere, ['returns-desk', 'order-status'])
    expect(await header(elsewhere, 'State').count()).toBe(0)

    await viewButton(elsewhere).click()
    await item(elsewhere, 'Rename this view…').click()
    await elsewhere.getByRole('dialog').getByLabel('Name').fill('Parcels')
    await elsewhere.getByRole('dialog').getByRole('button', { name: 'Rename view' }).click()
    await elsewhere.getByRole('button', { name: 'Parcels', exact: true }).waitFor()
    await viewButton(elsewhere).click()
    await item(elsewhere, 'Delete this view').click()
    await elsewhere.getByRole('listitem').filter({ hasText: 'View Parcels deleted' }).waitFor()
    await elsewhere.reload()
    await shows(elsewhere, ['returns-desk', 'order-status'])
    expect(await viewButton(elsewhere).innerText()).toBe('View')
  })

  test('is worked with the keys alone', async (context) => {
    const page = await bots(context, '?sort=name.asc')
    await shows(page, all)
    for (const key of ['j', 'j', 'k', 'j', 'x']) await page.keyboard.press(key)
    await page.getByText('1 bot selected').waitFor()
    const row = grid(page).getByRole('row', { selected: true })
    expect(await row.getByRole('link').innerText()).toBe('faq-de')
    await page.keyboard.press('Control+a')
    await page.getByText('8 bots selected').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('8 bots selected').waitFor({ state: 'hidden' })
    await page.keyboard.press('.')
    await item(page, 'Copy id').waitFor()
    await page.keyboard.press('Escape')
    await item(page, 'Copy id').waitFor({ state: 'hidden' })
    await page.keyboard.press('e')
    expect(await page.getByRole('dialog').getByLabel('Name').inputValue()).toBe('faq-de')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Inspector: faq-de' }).waitFor()
    await page.keyboard.press('j')
    await page.getByRole('complementary', { name: 'Inspector: faq-en' }).waitFor()
    await page.keyboard.press('Shift+Enter')
    await heading(page, /^faq-en/).waitFor()
  })
})
