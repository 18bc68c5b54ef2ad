import { expect, test } from 'vitest'
import { startProvider } from '@steward/api/testing'
import { button, heading, fixtureForFile } from './in-browser.ts'
import { ownerEmail, password, startTestServer } from './fixture.ts'

const fixture = fixtureForFile()

test('an identity provider is linked under Security, then signs in, and is never the only way that is taken away', async ({
  onTestFinished,
}) => {
  const provider = await startProvider()
  onTestFinished(() => provider.close())
  const { discoveryUrl, clientId, clientSecret } = provider
  const oidc = [{ id: 'works', name: 'Northwind login', discoveryUrl, clientId, clientSecret }]
  const app = await startTestServer({ STEWARD_OIDC: JSON.stringify(oidc) })
  onTestFinished(() => app.close())
  // The browser leaves for the provider's origin here: what `visit` takes for a mistake.
  const { page, context } = await fixture().visit({ url: app.url, refusals: true })
  onTestFinished(() => context.close())
  const mina = { sub: 'mina-1', email: ownerEmail, email_verified: true, name: 'Mina Osei' }

  await page.goto(`/set-up#${app.setUpCode}`)
  await page.getByLabel('Name').fill('Mina Osei')
  await page.getByLabel('Email').fill(ownerEmail)
  await page.getByLabel('Password').fill(password)
  await page.locator('button[type=submit]').click()
  await page.waitForURL('**/w/*/home')

  await page.goto('/me/security')
  provider.nextAs(mina)
  await button(page, 'Link Northwind login').click()
  await button(page, 'Unlink Northwind login').waitFor()
  expect(new URL(page.url()).pathname).toBe('/me/security')

  await context.clearCookies()
  await page.goto('/sign-in?next=/me/security')
  provider.nextAs(mina)
  await button(page, 'Continue with Northwind login').click()
  await button(page, 'Unlink Northwind login').click()
  await button(page, 'Link Northwind login').waitFor()

  await context.clearCookies()
  await page.goto('/sign-in')
  await heading(page, 'Sign in').waitFor()
  provider.nextAs(mina)
  await button(page, 'Continue with Northwind login').click()
  await page.getByRole('alert').filter({ hasText: 'An account here has this email' }).waitFor()
})
