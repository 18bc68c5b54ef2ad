import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { requireConfirmed } from './confirmed.service.ts'
import type { Credential } from '../../core/context.ts'
import { storesOf } from '../../core/app-context.ts'
import { seedPerson, testApp, testRequest } from '../../core/app.testing.ts'

const token = { kind: 'token', id: 'pat_1', scopes: null, workspaceId: null } as const

eachDialect('what takes a fresh confirmation', (open) => {
  async function asked(credential: Credential): Promise<unknown> {
    const { app } = testApp(await open())
    const { userId } = await seedPerson(app, 'ada@example.com')
    const actor = { kind: 'user', userId, credential } as const
    return requireConfirmed({ app, actor, request: testRequest }, storesOf(app).main.reader)
  }

  test.each<[string, Credential, string]>([
    ['a token', token, 'A token is not enough for this. Sign in with a browser.'],
    ['a session that is no more', { kind: 'session', id: 'gone' }, 'Confirm your identity first'],
  ])('refuses %s in words that say what to do', async (_, credential, message) => {
    await expect(asked(credential)).rejects.toMatchObject({
      type: 'Forbidden',
      message: expect.stringContaining(message) as string,
      metadata: { confirm: true },
    })
  })

  test('does not ask who works on the machine itself', async () => {
    expect(await asked({ kind: 'local' })).toBeUndefined()
  })
})
