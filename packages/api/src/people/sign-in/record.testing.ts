import type { Stores } from '@steward/db'
import { expect } from 'vitest'
import { verifyAll } from '../../audit/verify.service.ts'
import { Browser, totp } from './browser.testing.ts'
import { password, signInApp } from './app.testing.ts'

interface Recorded {
  operation: string
  actor: string | null
  resource: string | null
  value: unknown
  before: unknown
  after: unknown
  credential: unknown
}

/** Ada, signed in once, and what her trail says since. */
export async function recordFixture(stores: Stores) {
  const { app, me, signUp } = signInApp(stores)
  const { userId } = await signUp('ada@example.com')
  const browser = new Browser(app)
  await browser.signIn('ada@example.com', password)
  const trail = async (): Promise<Recorded[]> => {
    const rows = await stores.main.reader
      .selectFrom('audit_record as r')
      .innerJoin('audit_payload as p', 'p.record_id', 'r.id')
      .select(['r.operation', 'r.actor_id', 'r.resource_id', 'p.payload'])
      .where('r.lane_id', '=', userId)
      .orderBy('r.seq')
      .execute()
    return rows.map((row) => {
      const { value, before, after, credential } = JSON.parse(row.payload) as Recorded
      return {
        operation: row.operation,
        actor: row.actor_id,
        resource: row.resource_id,
        value,
        before,
        after,
        credential,
      }
    })
  }
  let seen = (await trail()).length
  /** The records since the last call. */
  const news = async (): Promise<Recorded[]> => {
    const all = await trail()
    const added = all.slice(seen)
    seen = all.length
    return added
  }
  /** Posts from an address of its own: attempts are counted by it. */
  const post = async (path: string, body: object, from = browser): Promise<Response> => {
    const elsewhere = new Browser(app)
    for (const [name, value] of from.cookies) elsewhere.cookies.set(name, value)
    const answer = await elsewhere.post(`/auth/${path}`, body)
    from.cookies.clear()
    for (const [name, value] of elsewhere.cookies) from.cookies.set(name, value)
    return answer
  }
  const status = async (path: string, body: object, from = browser) => (await post(path, body, from)).status
  const clean = async () => expect((await verifyAll(app)).problems).toEqual([])
  return { stores, app, me, userId, browser, news, post, status, clean }
}

export type RecordFixture = Awaited<ReturnType<typeof recordFixture>>

export async function prepareFactor({ post }: RecordFixture) {
  const answer = await post('two-factor/enable', { password })
  const { totpURI, backupCodes } = (await answer.json()) as { totpURI: string; backupCodes: string[] }
  const code = totp(totpURI)
  /** For a second use. */
  const nextCode = totp(totpURI, 1)
  return { totpURI, backupCodes, code, nextCode, wrongCode: String((Number(code) + 1) % 1_000_000).padStart(6, '0') }
}
