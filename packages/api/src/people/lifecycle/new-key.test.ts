import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { takeSigningKey } from '../../audit/signing-key.service.ts'
import { withKey } from '../../audit/fixture.testing.ts'
import { createSignIn } from './create-sign-in.ts'
import type { AppContext } from '../../core/app-context.ts'
import { attachStores, storesOf } from '../../core/app-context.ts'
import { Browser } from '../sign-in/browser.testing.ts'
import { password, signInApp } from '../sign-in/app.testing.ts'
import { acceptKey } from './new-key.service.ts'

const factor = {
  secret: 'sealed',
  backup_codes: 'sealed',
  verified: 1,
  failed_verification_count: 0,
  locked_until: null,
  last_step: null,
} as const

/** The same app after its secret was lost: with a key and sessions of its own. */
function afterLoss(app: AppContext): AppContext {
  const { keys } = withKey(app, 9)
  const after: AppContext = attachStores({ ...app, keys, signIn: createSignIn(() => after) }, storesOf(app))
  return after
}

eachDialect('a new key after the former was lost', (open) => {
  test('lets people in who had a second factor, by their password', async () => {
    const stores = await open()
    const { app, signUp } = signInApp(stores)
    await takeSigningKey(app)
    const { userId } = await signUp('ada@example.com')
    await stores.main.write(async (tx) => {
      await tx.updateTable('user').set({ two_factor_enabled: 1 }).execute()
      await tx
        .insertInto('two_factor')
        .values({ id: 'f', user_id: userId, ...factor })
        .execute()
    })
    const after = afterLoss(app)
    expect(await acceptKey(after)).toMatchObject({ secondFactorsRemoved: 1 })
    expect(await stores.main.reader.selectFrom('two_factor').selectAll().execute()).toEqual([])
    const browser = new Browser(after)
    await browser.signIn('ada@example.com', password)
    expect(await browser.session()).toMatchObject({ userId })
    const record = await stores.main.reader
      .selectFrom('audit_record')
      .innerJoin('audit_payload', 'record_id', 'id')
      .select(['resource_id', 'payload'])
      .where('lane_id', '=', 'instance')
      .executeTakeFirstOrThrow()
    expect(record.resource_id).toBe(after.keys.keyId)
    expect(JSON.parse(record.payload)).toMatchObject({ after: { formerKeyId: app.keys.keyId } })
  })
})
