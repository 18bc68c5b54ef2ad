import { coin, isFull } from '@steward/db/testing'
import type { Page } from 'playwright-core'
import { type TestContext, afterAll, describe, expect, test } from 'vitest'
import { problemsOf, fixtureForFile, signIn } from './in-browser.ts'
import { type Screen, openScreen, screensOf, useTheme } from './screens.ts'
import { type Visit, onLan } from './fixture.ts'

const fixture = fixtureForFile()

describe('screens', () => {
  const placeholder = {
    workspaceId: '',
    workspaceName: '',
    accountId: '',
    accountName: '',
    botId: '',
    botName: '',
    invitationPath: '',
    recoveryPath: '',
    emptyWorkspaceId: '',
    emptyWorkspaceName: '',
  }
  /** One page for all who see the same, as people keep their tab: what it runs is compiled once. */
  const visits = new Map<string, Promise<Visit>>()
  afterAll(async () => {
    for (const made of visits.values()) await (await made).context.close()
  })
  async function pageFor(screen: Screen, at: 'loopback' | 'lan', { onTestFinished }: TestContext): Promise<Page> {
    const who = `${at} ${screen.as} ${screen.refused}`
    const made = visits.get(who) ?? (at === 'lan' ? visitOnLan() : visitAs(screen))
    visits.set(who, made)
    const { page, wrongs } = await made
    onTestFinished(() => expect(wrongs.splice(0)).toEqual([]))
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    return page
  }
  const visitAs = async (screen: Screen): Promise<Visit> => fixture().visit(await fixture().visitorOf(screen))
  /** At a name of the network, over plain http: to a browser, no secure context. */
  async function visitOnLan(): Promise<Visit> {
    const made = await fixture().visit({ url: onLan(fixture().url), refusals: true, permissions: [] })
    await signIn(made.page)
    await made.page.waitForURL('**/w/*/home')
    return made
  }

  /** What is opened on the network, too: pages as the owner has them, which is where features of browsers are used. */
  const isForBoth = ({ as, refused, act }: Screen): boolean => as === undefined && !refused && !act
  // Each page is opened under one of the two names, and every other one is looked through, unless all is tried.
  const namesOf = (screen: Screen): ('loopback' | 'lan')[] => {
    if (!isForBoth(screen)) return ['loopback']
    if (isFull) return ['loopback', 'lan']
    return [coin(`name of ${screen.name}`) ? 'loopback' : 'lan']
  }
  const isLookedThrough = (name: string, at: 'loopback' | 'lan'): boolean =>
    isFull ? at === 'loopback' : coin(`look at ${name}`)

  const all = screensOf(placeholder).flatMap((screen) => namesOf(screen).map((at) => ({ screen: screen.name, at })))
  for (const { screen: wanted, at } of all) {
    const name = at === 'lan' ? `on the network, ${wanted}` : wanted
    test(`${name} opens by its address, keeps to its origin and is clean in both themes`, async (context) => {
      const screen = screensOf(fixture().seed).find((one) => one.name === wanted)
      if (!screen) throw new Error(`There is no screen ${wanted}.`)
      const page = await pageFor(screen, at, context)
      await openScreen(page, screen)
      expect(new URL(page.url()).origin).toBe(at === 'lan' ? onLan(fixture().url) : fixture().url)
      if (!isLookedThrough(wanted, at)) return
      const light = await problemsOf(page)
      await useTheme(page, 'dark')
      // What the theme changes is colours.
      const dark = await problemsOf(page, ['color-contrast', 'link-in-text-block'])
      expect({ light, dark }).toEqual({ light: [], dark: [] })
    })
  }
})
