import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { lastUseOfToken, touchToken } from './token.queries.ts'
import type { AppContext } from '../../core/app-context.ts'
import { silentLog, storesOf } from '../../core/app-context.ts'
import { iso, minute, second } from '../../core/clock.ts'
import type { Actor } from '../../core/context.ts'
import { seedPerson, seedToken, testApp } from '../../core/app.testing.ts'
import type { Uses } from '../../core/access/authenticate.ts'
import { noteUse } from '../../core/access/authenticate.ts'

eachDialect('the use of a credential', (open) => {
  async function fixture() {
    const stores = await open()
    const logged: string[] = []
    const log = { ...silentLog, warn: (_: object, text: string) => void logged.push(text) }
    const servers = [testApp(stores, { log }), testApp(stores, { log })]
    const [first] = servers as [(typeof servers)[0]]
    const ada = await seedPerson(first.app, 'ada@example.com')
    const { id } = await seedToken(first.app, ada)
    const credential = { kind: 'token' as const, id, scopes: null, workspaceId: null }
    const actor: Actor = { kind: 'user', userId: ada.userId, credential }
    const db = storesOf(first.app).main.reader
    const note = async (server: number, seen: string | null): Promise<number> => {
      let kept = 0
      const uses: Uses = {
        findLast: (tx, of) => lastUseOfToken.first(tx, of),
        keep: (tx, use) => {
          kept += 1
          return touchToken.run(tx, use)
        },
      }
      const lane = { kind: 'user' as const, id: ada.userId }
      const app = servers[server]?.app as AppContext
      await noteUse(app, { row: { id, last_used_at: seen }, actor, lane }, uses)
      return kept
    }
    const last = async () => (await lastUseOfToken.first(db, { id }))?.last_used_at
    return { servers, note, last, logged, id }
  }

  test('is counted once a minute, by whichever server comes first', async () => {
    const s = await fixture()
    const [a, b] = s.servers as [(typeof s.servers)[0], (typeof s.servers)[0]]
    const began = iso(a.clock.now())
    expect(await s.note(0, null)).toBe(1)
    expect(await s.last()).toBe(began)
    b.clock.advance(59 * second)
    // It read the row before the other had written it.
    expect(await s.note(1, null)).toBe(0)
    expect(await s.last()).toBe(began)
    b.clock.advance(second)
    expect(await s.note(1, began)).toBe(1)
    expect(await s.last()).toBe(iso(b.clock.now()))
    expect(b.clock.now() - Date.parse(began)).toBe(minute)
  })

  test('of one that was revoked meanwhile is not, and nobody is troubled with it', async () => {
    const s = await fixture()
    const [{ app }] = s.servers as [(typeof s.servers)[0]]
    await storesOf(app).main.write((tx) => tx.deleteFrom('personal_access_token').where('id', '=', s.id).execute())
    expect(await s.note(0, null)).toBe(0)
    expect(s.logged).toEqual([])
  })
})
