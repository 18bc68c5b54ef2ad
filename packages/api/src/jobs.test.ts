import { sessionRow } from '@steward/testkit'
import { mailMessage } from './core/mail/mail.ts'
import type { OutboxMessage } from './core/write/write.ts'
import { setImmediate as turn } from 'node:timers/promises'
import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import type { Checkpoint } from './audit/verify-export.ts'
import { revokeInvitation } from './people/member/invitation.service.ts'
import { memberRouter } from './people/member.router.ts'
import { seedBot } from './bots/bot/bot.testing.ts'
import { authorize, systemContext } from './core/access/access.ts'
import { day, hour, iso } from './core/clock.ts'
import { storesOf } from './core/app-context.ts'
import { startJobs } from './jobs.ts'
import type { Timer } from './core/write/outbox.ts'
import { callerFor, seedPerson, seedWorkspace, testApp, testRequest } from './core/app.testing.ts'
import { router } from './core/procedure/trpc.ts'
import { write } from './core/write/write.ts'

const routes = router({ member: memberRouter })
const never: Timer = { after: () => () => {} }

eachDialect('jobs', (open) => {
  async function fixture(overrides: Parameters<typeof testApp>[1] = {}, stores?: Stores) {
    const { app, clock } = testApp(stores ?? (await open()), overrides)
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner)
    const made: Checkpoint[] = []
    const jobs = startJobs(app, {
      checkpointSink: { append: async (one) => void made.push(one) },
      checkpointEvery: 3,
      timer: never,
    })
    const ctx = await authorize({ app, actor: owner.actor, request: testRequest }, 'workspace.update', {
      workspaceId,
    })
    const change = (outbox: OutboxMessage[] = []) =>
      write({ ...ctx }, 'UPDATE_WORKSPACE', async () => ({
        answer: {},
        changes: [],
        audit: { type: 'workspace', id: workspaceId },
        outbox,
      }))
    const { main } = storesOf(app)
    return { app, clock, owner, workspaceId, made, jobs, change, main }
  }

  it('signs a checkpoint every so many records, and of what moved each hour', async () => {
    const s = await fixture()
    for (let i = 0; i < 7; i++) {
      await s.change()
      if (i % 3 === 2) while (s.made.length < (i + 1) / 3) await turn()
    }
    expect(s.made.map((one) => one.seq)).toEqual([3, 6])
    await s.jobs.tidy()
    await s.jobs.tidy()
    expect(s.made.map((one) => one.seq)).toEqual([3, 6, 7])
    const rows = await s.main.reader.selectFrom('audit_checkpoint').select('seq').orderBy('seq').execute()
    expect(rows.map((row) => row.seq)).toEqual([3, 6, 7])
    await s.jobs.stop()
    for (let i = 0; i < 3; i++) await s.change()
    expect(s.made).toHaveLength(3)
  })

  it.each(['tidying', 'a message of the outbox'])('stops only when what is under way is done: %s', async (what) => {
    const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const blocks = async (): Promise<void> => {
      reached.resolve()
      await gate.promise
    }
    const { app, clock } = testApp(await open(), { mailer: { send: blocks } })
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner)
    const jobs = startJobs(app, { checkpointSink: { append: blocks }, timer: never })
    const ctx = await authorize({ app, actor: owner.actor, request: testRequest }, 'workspace.update', {
      workspaceId,
    })
    const letter = { to: owner.email, subject: 'x', paragraphs: [], link: { label: 'x', address: 'x' }, foot: 'x' }
    await write({ ...ctx }, 'UPDATE_WORKSPACE', async () => ({
      answer: {},
      changes: [],
      audit: { type: 'workspace', id: workspaceId },
      outbox: what === 'tidying' ? [] : [mailMessage(app, letter, clock.now() + hour)],
    }))
    if (what === 'tidying') void jobs.tidy()
    else void jobs.mail.wake()
    await reached.promise
    let hasStopped = false
    const stopping = jobs.stop().then(() => (hasStopped = true))
    for (let i = 0; i < 20; i++) await turn()
    expect(hasStopped).toBe(false)
    gate.resolve()
    await stopping
    const { reader } = storesOf(app).main
    const signed = await reader.selectFrom('audit_checkpoint').select('seq').execute()
    expect(signed).toEqual(what === 'tidying' ? [{ seq: 1 }] : [])
    expect(await reader.selectFrom('outbox').select('id').execute()).toEqual([])
  })

  it('deletes what has run out, and nothing else', async () => {
    const s = await fixture()
    const bot = await seedBot(s.app, s.workspaceId, { code_blob: 'code' })
    const other = await seedWorkspace(s.app, s.owner, 'Other')
    const now = s.clock.now()
    const [past, future] = [iso(now - 1), iso(now + 1)]
    await s.main.write(async (tx) => {
      for (const [id, expires_at] of [
        ['past', past],
        ['future', future],
      ] as const) {
        const stamps = { created_at: past, updated_at: past }
        await tx
          .insertInto('session')
          .values(sessionRow({ id, user_id: s.owner.userId, expires_at, created_at: past }))
          .execute()
        await tx
          .insertInto('verification')
          .values({ id, identifier: id, value: 'v', expires_at, ...stamps })
          .execute()
        await tx
          .insertInto('bot_signing_secret')
          .values({ id, bot_id: bot, sealed: 's', created_at: past, expires_at })
          .execute()
        await tx
          .insertInto('workspace_transfer')
          .values({
            id,
            workspace_id: id === 'past' ? s.workspaceId : other,
            from_account_id: s.owner.accountId,
            to_account_id: s.owner.accountId,
            offered_by: s.owner.userId,
            created_at: past,
            expires_at,
          })
          .execute()
      }
      await tx
        .insertInto('bot_signing_secret')
        .values({ id: 'lasting', bot_id: bot, sealed: 's', created_at: past, expires_at: null })
        .execute()
    })
    await s.jobs.tidy()
    for (const table of ['session', 'verification', 'workspace_transfer'] as const)
      expect([table, await s.main.reader.selectFrom(table).select('id').execute()]).toEqual([table, [{ id: 'future' }]])
    const secrets = await s.main.reader.selectFrom('bot_signing_secret').select('id').orderBy('id').execute()
    expect(secrets.map((row) => row.id)).toEqual(['future', 'lasting'])
    await s.jobs.stop()
  })

  it('forgets idempotency keys after a day, however many', async () => {
    const s = await fixture()
    const old = iso(s.clock.now() - day - 1)
    await s.main.write(async (tx) => {
      for (let i = 0; i < 1100; i += 100)
        await tx
          .insertInto('idempotency')
          .values(
            Array.from({ length: 100 }, (_, n) => ({
              actor_id: 'a',
              key: `k${i + n}`,
              request_hash: 'h',
              answer: 'x',
              created_at: i + n === 7 ? iso(s.clock.now() - day) : old,
            })),
          )
          .execute()
    })
    await s.jobs.tidy()
    expect(await s.main.reader.selectFrom('idempotency').select('key').execute()).toEqual([{ key: 'k7' }])
    await s.jobs.stop()
  })

  it('takes back invitations a month after they ran out, on the record', async () => {
    const s = await fixture()
    const call = callerFor(routes, s.app)(s.owner.actor)
    const { workspaceId } = s
    const invite = (email: string) => call.member.invite({ workspaceId, email, role: 'viewer', expiresInHours: 1 })
    await invite('old@example.com')
    s.clock.advance(hour)
    await invite('newer@example.com')
    s.clock.advance(30 * day + 1)
    await s.jobs.tidy()
    const { members } = await call.member.list({ workspaceId })
    expect(members.map((one) => one.email)).toEqual(['owner@example.com', 'newer@example.com'])
    const last = await s.main.reader
      .selectFrom('audit_record')
      .select(['actor_kind', 'actor_id', 'operation'])
      .orderBy('seq', 'desc')
      .executeTakeFirst()
    expect(last).toEqual({ actor_kind: 'system', actor_id: 'jobs', operation: 'member.revokeInvitation' })
    await s.jobs.stop()
  })

  it('leaves an invitation that was renewed since it was read as stale', async () => {
    const s = await fixture()
    const call = callerFor(routes, s.app)(s.owner.actor)
    const { workspaceId } = s
    const { invitation } = await call.member.invite({ workspaceId, email: 'a@example.com', role: 'viewer' })
    s.clock.advance(60 * day)
    const ranOutBefore = iso(s.clock.now() - 30 * day)
    const { id } = invitation
    expect(invitation.expiresAt < ranOutBefore).toBe(true)
    await call.member.renewInvitation({ workspaceId, id })
    const system = systemContext(s.app, 'jobs', testRequest)
    const ctx = await authorize(system, 'member.revokeInvitation', { workspaceId })
    const revoked = revokeInvitation(ctx, { workspaceId, id, ranOutBefore })
    await expect(revoked).rejects.toMatchObject({ type: 'ResourceNotFound' })
    expect((await call.member.listInvitations({ workspaceId })).invitations).toHaveLength(1)
    await s.jobs.stop()
  })

  it('tidies at its start and an hour after each time', async () => {
    const { app } = testApp(await open())
    const waits: { milliseconds: number; fn: () => void }[] = []
    const timer: Timer = { after: (milliseconds, fn) => (waits.push({ milliseconds, fn }), () => {}) }
    const jobs = startJobs(app, { timer })
    const first = waits.find((one) => one.milliseconds === 0)
    first?.fn()
    await jobs.stop()
    expect(waits.some((one) => one.milliseconds === hour)).toBe(false)
    const again = startJobs(app, { timer })
    waits.findLast((one) => one.milliseconds === 0)?.fn()
    await again.tidy()
    await Promise.resolve()
    expect(waits.filter((one) => one.milliseconds === hour)).toHaveLength(1)
    await again.stop()
  })
})
