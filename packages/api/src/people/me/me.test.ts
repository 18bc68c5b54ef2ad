import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { largestPreference, mostPreferences } from '../../core/preference/preference.ts'
import { anonymous, callerFor, seedPerson, seedPreferences, seedWorkspace } from '../../core/app.testing.ts'
import { router } from '../../core/procedure/trpc.ts'
import { workspaceRouter } from '../workspace.router.ts'
import { meApp } from './me.testing.ts'

eachDialect('the profile', (open) => {
  test('is read and changed by the person; an empty picture removes it', async () => {
    const stores = await open()
    const { app, clock, me } = meApp(stores)
    const ada = await seedPerson(app, 'ada@example.com')
    const { account } = await me(ada.actor).get({})
    expect(account).toEqual({
      id: ada.userId,
      email: 'ada@example.com',
      displayName: 'ada',
      emailVerified: true,
      createdAt: '2026-03-01T12:00:00.000Z',
    })
    clock.advance(1000)
    const changed = await me(ada.actor).update({ displayName: 'Ada L.', profilePicture: 'https://x.example/a.png' })
    expect(changed.account).toEqual({ ...account, displayName: 'Ada L.', profilePicture: 'https://x.example/a.png' })
    expect(await me(ada.actor).get({})).toEqual(changed)
    await expect(me(ada.actor).update({ profilePicture: 'p'.repeat(65_537) })).rejects.toThrow('65536')
    expect((await me(ada.actor).update({ profilePicture: '' })).account).not.toHaveProperty('profilePicture')
    expect((await me(ada.actor).update({ refresh: true })).account.displayName).toBe('Ada L.')
    const trail = await stores.main.reader
      .selectFrom('audit_record')
      .select(['seq', 'action', 'operation'])
      .where('lane_id', '=', ada.userId)
      .orderBy('seq')
      .execute()
    expect(trail).toEqual([1, 2, 3].map((seq) => ({ seq, action: 'UNKNOWN', operation: 'me.update' })))
  })

  test('is nobody else’s business', async () => {
    const { app, me } = meApp(await open())
    await seedPerson(app, 'ada@example.com')
    await expect(me(anonymous).get({})).rejects.toMatchObject({ type: 'Unauthorized' })
    const gone = { kind: 'user', userId: app.ids.uuid(), credential: { kind: 'local' } } as const
    await expect(me(gone).get({})).rejects.toMatchObject({ type: 'Unauthorized' })
    await expect(me({ kind: 'system', name: 'job' }).get({})).rejects.toMatchObject({ type: 'Forbidden' })
  })
})

eachDialect('preferences', (open) => {
  test('keep any JSON, null too; an unknown key answers nothing; people do not see each other’s', async () => {
    const { app, me } = meApp(await open())
    const [ada, bob] = [await seedPerson(app, 'ada@example.com'), await seedPerson(app, 'bob@example.com')]
    expect(await me(ada.actor).getPreference({ key: 'theme' })).toEqual({})
    for (const value of ['dark', 0, false, null, [], { a: [1, { b: null }] }, 'ünïcödé 🦊']) {
      expect(await me(ada.actor).setPreference({ key: 'theme', value })).toEqual({})
      expect(await me(ada.actor).getPreference({ key: 'theme' })).toEqual({ value })
    }
    expect(await me(bob.actor).getPreference({ key: 'theme' })).toEqual({})
    await me(ada.actor).setPreference({ key: 'theme' })
    expect(await me(ada.actor).getPreference({ key: 'theme' })).toEqual({})
  })

  test('a key has 1 to 512 characters of any kind', async () => {
    const { app, me } = meApp(await open())
    const ada = await seedPerson(app, 'ada@example.com')
    const long = '🦊'.repeat(256)
    await me(ada.actor).setPreference({ key: long, value: 1 })
    expect(await me(ada.actor).getPreference({ key: long })).toEqual({ value: 1 })
    for (const key of ['', `${long}x`, 'a\0b', '\ud800'])
      await expect(me(ada.actor).setPreference({ key, value: 1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})

eachDialect('the bounds of preferences', (open) => {
  test('are the same for a person and for a workspace', async () => {
    const { app, me } = meApp(await open())
    const ada = await seedPerson(app, 'ada@example.com')
    const workspaceId = await seedWorkspace(app, ada)
    const workspace = callerFor(router({ workspace: workspaceRouter }), app)(ada.actor).workspace
    const endpoints = [
      { owner_kind: 'user', owner_id: ada.userId, set: me(ada.actor).setPreference },
      {
        owner_kind: 'workspace',
        owner_id: workspaceId,
        set: (input: { key: string; value?: unknown }) => workspace.setPreference({ workspaceId, ...input }),
      },
    ] as const
    for (const { set, ...owner } of endpoints) {
      const fits = 'x'.repeat(largestPreference - 2)
      expect(await set({ key: 'big', value: fits })).toEqual({})
      await expect(set({ key: 'big', value: `${fits}x` })).rejects.toMatchObject({ type: 'PayloadTooLarge' })
      expect(await set({ key: 'k'.repeat(512), value: 1 })).toEqual({})
      for (const key of ['', 'k'.repeat(513)])
        await expect(set({ key, value: 1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })

      await seedPreferences(app, owner, mostPreferences - 3)
      const tries = await Promise.allSettled(['a', 'b', 'c'].map((key) => set({ key, value: 1 })))
      const refused = tries.filter((result) => result.status === 'rejected')
      expect(refused).toMatchObject([1, 2].map(() => ({ reason: { type: 'LimitExceeded' } })))
      expect(await set({ key: 'big', value: 2 })).toEqual({})
      await set({ key: 'big' })
      expect(await set({ key: 'again', value: 1 })).toEqual({})
    }
  })
})
