import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { takeSigningKey } from '../../audit/signing-key.service.ts'
import { withKey } from '../../audit/scene.testing.ts'
import { createSignIn } from './create-sign-in.ts'
import type { House } from '../../core/house.ts'
import { furnish, storesOf } from '../../core/house.ts'
import { Browser } from '../sign-in/testing-browser.ts'
import { password, signInHouse } from '../sign-in/testing-house.ts'
import { acceptKey } from './new-key.service.ts'

const factor = {
  secret: 'sealed',
  backup_codes: 'sealed',
  verified: 1,
  failed_verification_count: 0,
  locked_until: null,
  last_step: null,
} as const

/** The same house after its secret was lost: with a key and sessions of its own. */
function afterLoss(house: House): House {
  const { keys } = withKey(house, 9)
  const after: House = furnish({ ...house, keys, signIn: createSignIn(() => after) }, storesOf(house))
  return after
}

eachDialect('a new key after the former was lost', (open) => {
  test('lets people in who had a second factor, by their password', async () => {
    const stores = await open()
    const { house, signUp } = signInHouse(stores)
    await takeSigningKey(house)
    const { userId } = await signUp('ada@example.com')
    await stores.main.write(async (tx) => {
      await tx.updateTable('user').set({ two_factor_enabled: 1 }).execute()
      await tx
        .insertInto('two_factor')
        .values({ id: 'f', user_id: userId, ...factor })
        .execute()
    })
    const after = afterLoss(house)
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
    expect(JSON.parse(record.payload)).toMatchObject({ after: { formerKeyId: house.keys.keyId } })
  })
})
