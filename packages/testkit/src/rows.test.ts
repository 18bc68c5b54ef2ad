import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import * as rows from './rows.ts'

eachDialect('every row', (open) => {
  test('is taken by its table as it is built', async () => {
    const { main } = await open()
    const user = rows.userRow({ id: 'u', email: 'ada@example.com' })
    const account = rows.accountRow({ id: 'a', user_id: 'u' })
    const workspace = rows.workspaceRow({ id: 'w', account_id: 'a', owner_member_id: 'm' })
    const member = rows.memberRow({ id: 'm', workspace_id: 'w', user_id: 'u', email: user.email, role: 'owner' })
    const invited = rows.memberRow({ id: 'i', workspace_id: 'w', email: 'bob@example.com', role: 'viewer' })
    const expires_at = '2026-01-02T00:00:00.000Z'
    await main.write(async (tx) => {
      await tx.insertInto('user').values(user).execute()
      await tx
        .insertInto('account')
        .values([account, rows.accountRow({ id: 'o' })])
        .execute()
      await tx.insertInto('workspace').values(workspace).execute()
      await tx.insertInto('member').values([member, invited]).execute()
      const invitation = rows.invitationRow({ id: 'n', workspace_id: 'w', member_id: 'i', hash: 'h', expires_at })
      await tx.insertInto('invitation').values(invitation).execute()
      await tx
        .insertInto('lane')
        .values(rows.laneRow({ id: 'w' }))
        .execute()
      await tx
        .insertInto('personal_access_token')
        .values(rows.tokenRow({ id: 't', user_id: 'u', hash: 'h' }))
        .execute()
      await tx
        .insertInto('session')
        .values(rows.sessionRow({ id: 's', user_id: 'u', expires_at }))
        .execute()
      await tx
        .insertInto('sign_in_method')
        .values(rows.signInMethodRow({ id: 'k', user_id: 'u', provider_id: 'acme' }))
        .execute()
      await tx
        .insertInto('bot')
        .values(rows.botRow({ id: 'b', workspace_id: 'w' }))
        .execute()
      await tx
        .insertInto('bot_key')
        .values(rows.botKeyRow({ id: 'y', bot_id: 'b', hash: 'h' }))
        .execute()
      await tx
        .insertInto('version')
        .values(rows.versionRow({ id: 'v', bot_id: 'b' }))
        .execute()
    })
    const kinds = await main.reader.selectFrom('account').select(['id', 'kind']).orderBy('id').execute()
    expect(kinds).toEqual([
      { id: 'a', kind: 'individual' },
      { id: 'o', kind: 'organization' },
    ])
    expect(await main.reader.selectFrom('member').selectAll().where('id', '=', 'i').execute()).toEqual([invited])
  })
})
