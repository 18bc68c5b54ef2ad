import { expect, test } from 'vitest'
import { button, heading, fixtureForFile, visit } from './in-browser.ts'
import { settled } from './screens.ts'
import { people } from './seed.ts'
import { password } from './fixture.ts'

const fixture = fixtureForFile()

test('a member who forgot their password gets a link from the members list, and is let in by it', async (context) => {
  const { email, name } = people[2]
  const { page } = await visit(context, fixture())
  await page.goto(`/w/${fixture().seed.workspaceId}/members`)
  await heading(page, /^Members/).waitFor()
  await settled(page)
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Reset sign-in…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Create link' }).click()
  const link = await dialog.getByLabel('Recovery link').inputValue()

  const { page: theirs } = await visit(context, fixture(), { refusals: true })
  const sent: string[] = []
  theirs.on('request', (request) => sent.push(request.url(), JSON.stringify(request.headers())))
  await theirs.goto('/sign-in')
  await theirs.getByRole('link', { name: 'Can’t sign in?' }).click()
  await heading(theirs, 'Reset your password').waitFor()
  await theirs.getByText('the identity provider you signed in with is no longer there? Ask an administrator').waitFor()
  await theirs.goto(link)
  await heading(theirs, 'Choose a new password').waitFor()
  await theirs.getByLabel('New password').fill('an entirely new sentence')
  await button(theirs, 'Set password').click()
  await heading(theirs, 'Done').waitFor()
  await theirs.getByRole('link', { name: 'Go to sign-in' }).click()
  await theirs.getByLabel('Email').fill(email)
  await theirs.getByLabel('Password').fill(password)
  await button(theirs, 'Sign in').click()
  await theirs.getByText('email or password is wrong').waitFor()
  await theirs.getByLabel('Password').fill('an entirely new sentence')
  await button(theirs, 'Sign in').click()
  await theirs.waitForURL('**/w/*/home')
  const secret = new URL(link).hash.slice(1)
  expect(sent.filter((text) => text.includes(secret))).toEqual([])
  await theirs.goto(link)
  await heading(theirs, 'This link does not work').waitFor()
})
