import type { Page } from 'playwright-core'
import { type TestContext, afterAll, describe, expect, test } from 'vitest'
import { problemsOf, fixtureForFile } from './in-browser.ts'
import { type Screen, openScreen, screensOf, useTheme } from './screens.ts'
import type { Visit } from './fixture.ts'

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
  async function pageFor(screen: Screen, { onTestFinished }: TestContext): Promise<Page> {
    const who = `${screen.as} ${screen.refused}`
    const made =
      visits.get(who) ??
      fixture()
        .visitorOf(screen)
        .then((options) => fixture().visit(options))
    visits.set(who, made)
    const { page, wrongs } = await made
    onTestFinished(() => expect(wrongs.splice(0)).toEqual([]))
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    return page
  }

  for (const { name } of screensOf(placeholder))
    test(`${name} opens by its address, keeps to its origin and is clean in both themes`, async (context) => {
      const screen = screensOf(fixture().seed).find((one) => one.name === name)
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
