import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mintToken, storesOf } from '@steward/api/testing'
import type { Answer } from './ask.testing.ts'
import { ask, endpointsOn, outcome, procedures, send } from './ask.testing.ts'
import { inputFor, procedurePaths, rightActor } from './inputs.testing.ts'
import { makeTenant } from './tenant.testing.ts'
import type { Fixture } from './fixture.testing.ts'
import { makeFixture } from './fixture.testing.ts'

const password = 'correct horse battery'
/** What `inputs.testing.ts` gives as the value of a bot's secret. */
const botSecret = 'plain-given-secret'

/** Every value in an answer that is shown once: keys, links and signing secrets. */
function secretsIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, inner]) => {
    if (typeof inner !== 'string') return secretsIn(inner)
    if (name === 'value' && /^bp_(pat|bak)_/.test(inner)) return [inner]
    if (name === 'link') return [inner.slice(inner.lastIndexOf('/') + 1)]
    const isSigning = name === 'signingSecret' || name === 'newSigningSecret'
    return isSigning && !/^\*+$/.test(inner) ? [inner] : []
  })
}

/** Every row of the main store as text, by table. */
async function everyRow(fixture: Fixture): Promise<Map<string, string>> {
  const { library } = storesOf(fixture.app).main
  const found = new Map<string, string>()
  for (const { name, schema = 'steward' } of await library.introspection.getTables()) {
    // Other tests have tables of their own in the telemetry store, which is another schema of the same database.
    if (schema !== 'steward') continue
    const rows = await library
      .selectFrom(name as 'user')
      .selectAll()
      .execute()
    found.set(
      name,
      JSON.stringify(rows, (_key, value: unknown) => (value instanceof Uint8Array ? '' : value)),
    )
  }
  return found
}

eachDialect('secrets', (open, engine) => {
  let fixture: Fixture
  const secrets = new Set<string>([password, botSecret])
  const failures: Answer[] = []

  beforeAll(async () => {
    fixture = await makeFixture(await open())
  })
  afterAll(() => fixture.api.close())

  it.each(procedurePaths)('%s: is done, and refused, with secrets in it', async (path) => {
    for (const endpoint of endpointsOn(engine, path)) {
      const tenant = await makeTenant(fixture)
      for (const secret of tenant.secrets) secrets.add(secret)
      const by = tenant.people[rightActor(path)]
      const input = await inputFor(path, tenant, by)
      for (const given of ['code', 'secret'])
        if (path !== 'bot.create' && typeof input[given] === 'string') keep(input[given])
      const sent = { path, input, token: by.token, idempotencyKey: `${endpoint} ${path}` }
      const answer = await ask(fixture, endpoint, sent)
      expect(outcome(answer)).toBe('200')
      for (const secret of secretsIn(answer.data)) secrets.add(secret)
      const again = { ...sent, idempotencyKey: `${endpoint} ${path} again` }
      failures.push(
        await ask(fixture, endpoint, { ...sent, token: tenant.people.stranger.token }),
        await ask(fixture, endpoint, again),
      )
      failures.push(
        await ask(fixture, endpoint, { ...sent, input: { ...input, id: 7, workspaceId: {}, accountId: [] } }),
      )
      const unknown = mintToken(fixture.app.ids, 'bp_pat_')
      secrets.add(unknown)
      failures.push(await ask(fixture, endpoint, { ...sent, token: unknown }))
    }
  })

  /** Puts tokens of each kind where people put them by mistake. */
  async function sendAstray(all: readonly string[]): Promise<void> {
    const { token } = (await makeTenant(fixture)).people.owner
    const one = (kind: string) => all.find((value) => value.startsWith(kind)) ?? ''
    for (const value of ['bp_pat_', 'bp_bak_', 'stw_inv_', 'stw_set_', 'stw_rec_'].map(one))
      for (const target of [
        `/invitations/${value}`,
        `/v1/admin/bots/${value}`,
        `/v1/admin/bots?tags.x=${value}`,
        `/trpc/${value}`,
      ])
        await send(fixture, { method: 'GET', target, headers: {}, body: null }, { token })
    const headers = { authorization: `Basic ${password}` }
    await send(fixture, { method: 'GET', target: '/v1/admin/account/me', headers, body: null })
  }

  function keep(value: unknown): void {
    const text = String(value)
    if (/^(stw|bp)_/.test(text)) secrets.add(text)
  }

  it('are many', () => {
    const kinds = ['bp_pat_', 'bp_bak_', 'stw_inv_', 'stw_set_', 'stw_rec_']
    for (const kind of kinds) expect([...secrets].filter((one) => one.startsWith(kind)).length).toBeGreaterThan(0)
    expect([...secrets].filter((one) => /^[\w-]{43}$/.test(one)).length).toBeGreaterThan(5)
    expect(failures.filter(({ failure }) => failure !== null).length).toBeGreaterThan(procedures.size)
  })

  it('stand in no row of the database: audit, changes, outbox and stored answers included', async () => {
    const rows = await everyRow(fixture)
    expect(rows.get('audit_payload')?.length).toBeGreaterThan(1000)
    expect(rows.get('idempotency')?.length).toBeGreaterThan(1000)
    for (const [table, text] of rows)
      for (const secret of secrets) expect([table, text.includes(secret)]).toEqual([table, false])
  })

  it('stand sealed nowhere but where they are kept', async () => {
    const { reader } = storesOf(fixture.app).main
    const sealed = [
      ...(await reader.selectFrom('bot_secret').select('sealed').execute()),
      ...(await reader.selectFrom('bot_signing_secret').select('sealed').execute()),
    ].map((row) => row.sealed)
    expect(sealed.length).toBeGreaterThan(10)
    const rows = await everyRow(fixture)
    for (const table of ['audit_payload', 'audit_record', 'change', 'outbox', 'version', 'bot'])
      for (const text of sealed) expect([table, rows.get(table)?.includes(text)]).toEqual([table, false])
  })

  it('stand in no failure and in no line of the log', async () => {
    await sendAstray([...secrets])
    expect(fixture.lines.length).toBeGreaterThan(100)
    const log = fixture.lines.map(({ text }) => text).join('\n')
    const told = failures.filter(({ failure }) => failure !== null).map(({ text }) => text)
    for (const secret of secrets) {
      expect(log.includes(secret), `the log has ${secret.slice(0, 12)}`).toBe(false)
      expect(told.find((text) => text.includes(secret))).toBeUndefined()
    }
  })
})
