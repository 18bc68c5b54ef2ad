/** What the test files share: a server and a browser of each file's own, and how to find things on a page. */
import { AxeBuilder } from '@axe-core/playwright'
import { env } from 'node:process'
import type { Page } from 'playwright-core'
import { type TestContext, afterAll, beforeAll, beforeEach, expect } from 'vitest'
import {
  ownerEmail,
  password,
  type Fixture,
  type Visit,
  type VisitOptions,
  openFixture,
  whyNoBrowser,
} from './fixture.ts'

/** Starts a server and a browser for the file that calls it. Where there is no browser its tests are skipped. */
export function fixtureForFile(): () => Fixture {
  const reason = whyNoBrowser()
  // Where nobody looks at the output a missing browser must not pass for a passed test.
  if (reason !== null && env['CI']) throw new Error(reason)
  if (reason !== null) process.stdout.write(`The console is not tried in a browser. ${reason}\n`)
  let fixture: Fixture | undefined
  beforeAll(async () => {
    if (reason === null) fixture = await openFixture()
  })
  afterAll(async () => fixture?.close())
  beforeEach(({ skip }) => {
    if (reason !== null) skip(reason)
  })
  return () => {
    if (!fixture) throw new Error('The fixture is there from the first test on.')
    return fixture
  }
}

/** A visit that ends with the test, and that nothing may go wrong in. */
export async function visit(
  { onTestFinished }: TestContext,
  fixture: Fixture,
  options: VisitOptions = { as: 'owner' },
): Promise<Visit> {
  const made = await fixture.visit(options)
  onTestFinished(async () => {
    await made.context.close()
    expect(made.wrongs).toEqual([])
  })
  return made
}

/** What axe finds on the page as it stands. */
export async function problemsOf(page: Page, rules?: string[]): Promise<string[]> {
  const builder = new AxeBuilder({ page }).setLegacyMode()
  const { violations } = await (rules ? builder.withRules(rules) : builder).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
  )
}

/** The same in both themes: what the other changes is colours. */
export async function problemsInBothThemes(page: Page): Promise<string[]> {
  const light = await problemsOf(page)
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await page.locator('html[data-theme="dark"]').waitFor()
  // Colours change step by step; what waits for an answer turns for ever.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(({ playState, effect }) => playState !== 'running' || effect?.getTiming().iterations === Infinity),
  )
  const dark = await problemsOf(page, ['color-contrast', 'link-in-text-block'])
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  return [...light, ...dark]
}

export const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
export const toast = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })

/** Signs the owner in as a person does. */
export async function signIn(page: Page, path = '/sign-in'): Promise<void> {
  await page.goto(path)
  await page.getByLabel('Email').fill(ownerEmail)
  await page.getByLabel('Password').fill(password)
  await button(page, 'Sign in').click()
}
