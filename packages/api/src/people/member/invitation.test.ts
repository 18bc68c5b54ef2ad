import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { authorize } from '../../core/access/access.ts'
import { hour } from '../../core/clock.ts'
import { storesOf } from '../../core/app-context.ts'
import type { Mail } from '../../core/mail/mail.ts'
import { sendMail } from '../../core/mail/mail.ts'
import { mailShares } from '../../core/mail/mail-share.ts'
import { startOutbox } from '../../core/write/outbox.ts'
import { sha256 } from '../../core/secrets.ts'
import {
  anonymous,
  callerFor,
  seedMember,
  seedPerson,
  seedToken,
  seedWorkspace,
  testApp,
  testRequest,
} from '../../core/app.testing.ts'
import { router } from '../../core/procedure/trpc.ts'
import { startJobs } from '../../jobs.ts'
import { memberRouter } from '../member.router.ts'
import { inviteMember, renewInvitation, revokeInvitation } from './invitation.service.ts'

const routes = router({ member: memberRouter })
const secretOf = (link: string): string => link.split('#').at(-1) ?? ''

eachDialect('invitation', (open) => {
  async function fixture() {
    const { app, clock } = testApp(await open())
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner, 'Acme')
    const guest = await seedPerson(app, 'guest@example.com')
    const call = callerFor(routes, app)
    const invite = (email = guest.email, expiresInHours?: number) =>
      call(owner.actor).member.invite({
        workspaceId,
        email,
        role: 'developer',
        ...(expiresInHours !== undefined && { expiresInHours }),
      })
    return { app, clock, owner, workspaceId, guest, call, invite, db: storesOf(app).main.reader }
  }

  it('shows the link once and keeps only its hash', async () => {
    const s = await fixture()
    const { link, invitation, member } = await s.invite('Guest@example.com')
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:7420\/invitations#stw_inv_[0-9A-Za-z]{49}$/)
    expect(member).toMatchObject({ email: 'guest@example.com', role: 'developer' })
    expect(member).not.toHaveProperty('userId')
    expect(Date.parse(invitation.expiresAt) - s.clock.now()).toBe(168 * hour)
    const row = await s.db.selectFrom('invitation').selectAll().executeTakeFirstOrThrow()
    expect(row.hash).toBe(sha256(secretOf(link)))
    const payloads = await s.db.selectFrom('audit_payload').select('payload').execute()
    const listed = await s.call(s.owner.actor).member.listInvitations({ workspaceId: s.workspaceId })
    expect(JSON.stringify([row, payloads, listed])).not.toContain(secretOf(link))
  })

  it('bounds how long an invitation is good', async () => {
    const s = await fixture()
    await expect(s.invite('x@example.com', 721)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(s.invite('x@example.com', 0)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    const { invitation, link } = await s.invite('x@example.com', 720)
    expect(new URL(link)).toMatchObject({ pathname: '/invitations', search: '', hash: `#${secretOf(link)}` })
    expect(Date.parse(invitation.expiresAt) - s.clock.now()).toBe(720 * hour)
  })

  it('tells whoever holds the link what it is to, until it expires', async () => {
    const s = await fixture()
    const { link } = await s.invite()
    const lookup = (secret: string) => s.call(anonymous).member.lookupInvitation({ secret })
    expect(await lookup(secretOf(link))).toMatchObject({
      workspaceName: 'Acme',
      email: s.guest.email,
      role: 'developer',
    })
    const wrong = `${secretOf(link).slice(0, -1)}x`
    await expect(lookup(wrong)).rejects.toMatchObject({ type: 'ResourceNotFound' })
    await lookup(wrong).catch((cause: Error) => expect(cause.message).not.toContain(wrong))
    s.clock.advance(168 * hour)
    await expect(lookup(secretOf(link))).rejects.toMatchObject({ type: 'ResourceGone' })
    await expect(s.call(s.guest.actor).member.acceptInvitation({ secret: secretOf(link) })).rejects.toMatchObject({
      type: 'ResourceGone',
    })
  })

  it('lets in exactly the invited person, once, and tells them the same again', async () => {
    const s = await fixture()
    const { link, member } = await s.invite()
    const secret = secretOf(link)
    const other = await seedPerson(s.app, 'other@example.com')
    await expect(s.call(other.actor).member.acceptInvitation({ secret })).rejects.toMatchObject({ type: 'Forbidden' })
    await expect(s.call(anonymous).member.acceptInvitation({ secret })).rejects.toMatchObject({ type: 'Unauthorized' })
    const accept = () => s.call(s.guest.actor).member.acceptInvitation({ secret })
    const outcomes = await Promise.allSettled([accept(), accept()])
    expect(outcomes.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled'])
    expect(await accept()).toMatchObject({ workspaceId: s.workspaceId, member: { id: member.id } })
    await expect(s.call(other.actor).member.acceptInvitation({ secret })).rejects.toMatchObject({
      type: 'ResourceNotFound',
    })
    await expect(s.call(anonymous).member.lookupInvitation({ secret })).rejects.toMatchObject({
      type: 'ResourceNotFound',
    })
    expect(await s.call(s.guest.actor).member.me({ workspaceId: s.workspaceId })).toMatchObject({
      id: member.id,
      userId: s.guest.userId,
      role: 'developer',
    })
    expect(await s.db.selectFrom('invitation').select('id').execute()).toEqual([])
    const lanes = await s.db.selectFrom('audit_record').select(['lane_id', 'operation']).orderBy('seq').execute()
    expect(lanes).toEqual([
      { lane_id: s.workspaceId, operation: 'member.invite' },
      { lane_id: s.workspaceId, operation: 'member.acceptInvitation' },
    ])
    await s.call(s.owner.actor).member.delete({ workspaceId: s.workspaceId, id: member.id })
    await expect(accept()).rejects.toMatchObject({ type: 'ResourceNotFound' })
  })

  it('refuses a token that is bound to one workspace, and a person who is a member already', async () => {
    const s = await fixture()
    const { link } = await s.invite()
    const secret = secretOf(link)
    const elsewhere = await seedWorkspace(s.app, s.guest, 'Elsewhere')
    const token = await seedToken(s.app, s.guest, { workspaceId: elsewhere })
    const credential = { kind: 'token', id: token.id, scopes: null, workspaceId: elsewhere } as const
    const bound = { kind: 'user', userId: s.guest.userId, credential } as const
    await expect(s.call(bound).member.acceptInvitation({ secret })).rejects.toMatchObject({
      type: 'Forbidden',
      message: 'A token bound to one workspace cannot change the person it belongs to.',
    })
    await seedMember(s.app, s.workspaceId, { ...s.guest, email: 'old@example.com', role: 'viewer' })
    await expect(s.call(s.guest.actor).member.acceptInvitation({ secret })).rejects.toMatchObject({
      type: 'AlreadyExists',
    })
  })

  it('renews with a new secret, also what was added as pending, and the old one is dead', async () => {
    const s = await fixture()
    const { workspaceId } = s
    const pending = await s
      .call(s.owner.actor)
      .member.create({ workspaceId, email: 'later@example.com', role: 'viewer' })
    const listed = await s.call(s.owner.actor).member.listInvitations({ workspaceId })
    const id = listed.invitations[0]?.id ?? ''
    const renew = () => s.call(s.owner.actor).member.renewInvitation({ workspaceId, id, expiresInHours: 1 })
    const first = await renew()
    s.clock.advance(2 * hour)
    const second = await renew()
    expect(second.invitation).toMatchObject({ id, expired: false })
    const later = await seedPerson(s.app, 'later@example.com')
    const accept = (link: string) => s.call(later.actor).member.acceptInvitation({ secret: secretOf(link) })
    await expect(accept(first.link)).rejects.toMatchObject({ type: 'ResourceNotFound' })
    expect(await accept(second.link)).toMatchObject({ workspaceId, member: { id: pending.id, userId: later.userId } })
  })

  it('takes an invitation back together with the pending member', async () => {
    const s = await fixture()
    const { workspaceId } = s
    const { link, invitation } = await s.invite()
    expect(await s.call(s.owner.actor).member.revokeInvitation({ workspaceId, id: invitation.id })).toEqual({})
    expect((await s.call(s.owner.actor).member.list({ workspaceId })).members).toHaveLength(1)
    await expect(s.call(s.guest.actor).member.acceptInvitation({ secret: secretOf(link) })).rejects.toMatchObject({
      type: 'ResourceNotFound',
    })
    await expect(
      s.call(s.owner.actor).member.revokeInvitation({ workspaceId, id: invitation.id }),
    ).rejects.toMatchObject({ type: 'ResourceNotFound' })
  })

  it('is for administrators, of this workspace', async () => {
    const s = await fixture()
    const { workspaceId } = s
    const { invitation } = await s.invite()
    const manager = await seedPerson(s.app, 'manager@example.com')
    await seedMember(s.app, workspaceId, { ...manager, role: 'manager' })
    const other = await seedPerson(s.app, 'other@example.com')
    const foreign = await seedWorkspace(s.app, other, 'Other')
    const own = s.call(manager.actor).member
    await expect(own.invite({ workspaceId, email: 'x@example.com', role: 'viewer' })).rejects.toMatchObject({
      type: 'Forbidden',
    })
    await expect(own.listInvitations({ workspaceId })).rejects.toMatchObject({ type: 'Forbidden' })
    const theirs = s.call(other.actor).member
    for (const call of [
      () => theirs.renewInvitation({ workspaceId: foreign, id: invitation.id }),
      () => theirs.revokeInvitation({ workspaceId: foreign, id: invitation.id }),
      () => theirs.listInvitations({ workspaceId }),
    ])
      await expect(call()).rejects.toMatchObject({ type: 'ResourceNotFound' })
  })

  it('for a higher role is out of reach, whatever the table of permissions opens', async () => {
    const s = await fixture()
    const { app, workspaceId } = s
    const by = s.call(s.owner.actor).member
    const invite = (name: string, role: 'administrator' | 'manager') =>
      by.invite({ workspaceId, email: `${name}@example.com`, role })
    const [higher, same] = [await invite('higher', 'administrator'), await invite('same', 'manager')]
    const manager = await seedPerson(app, 'manager@example.com')
    await seedMember(app, workspaceId, { ...manager, role: 'manager' })
    const context = { app, actor: manager.actor, request: testRequest }
    const asked = () => authorize(context, 'member.list', { workspaceId })
    const { id } = higher.invitation
    await expect(revokeInvitation(await asked(), { workspaceId, id })).rejects.toMatchObject({
      type: 'Forbidden',
      message: 'This invitation is for a higher role than yours.',
    })
    const terms = { expiresInHours: 1, sendEmail: false }
    const given = { type: 'Forbidden', message: 'Your role "manager" cannot give the role "administrator".' }
    await expect(renewInvitation(await asked(), { workspaceId, id, ...terms })).rejects.toMatchObject(given)
    const another = { workspaceId, email: 'another@example.com', role: 'administrator' as const, ...terms }
    await expect(inviteMember(await asked(), another)).rejects.toMatchObject(given)
    expect(await revokeInvitation(await asked(), { workspaceId, id: same.invitation.id })).toEqual({})
    expect((await by.listInvitations({ workspaceId })).invitations.map((one) => one.id)).toEqual([id])
  })

  it('pages, newest first', async () => {
    const s = await fixture()
    const { workspaceId } = s
    for (let i = 0; i < 5; i++) {
      await s.invite(`i${i}@example.com`)
      s.clock.advance(i % 2)
    }
    const first = await s.call(s.owner.actor).member.listInvitations({ workspaceId, pageSize: 3 })
    const nextToken = first.meta.nextToken ?? ''
    const second = await s.call(s.owner.actor).member.listInvitations({ workspaceId, pageSize: 3, nextToken })
    const emails = [...first.invitations, ...second.invitations].map((one) => one.email)
    expect(emails).toEqual([4, 3, 2, 1, 0].map((i) => `i${i}@example.com`))
    expect(second.meta).toEqual({})
  })

  it('sends the link where a mail server is set and it is wished, and says so', async () => {
    const s = await fixture()
    const { workspaceId } = s
    const sent: Mail[] = []
    const mailer = { send: async (mail: Mail) => void sent.push(mail) }
    const { app } = testApp(storesOf(s.app), { clock: s.clock, mailer })
    const call = callerFor(routes, app)(s.owner.actor)
    const wanted = { workspaceId, email: 'ada@example.com', role: 'viewer', sendEmail: true } as const
    const invited = await call.member.invite(wanted)
    expect(invited.emailed).toBe(true)
    const renewed = await call.member.renewInvitation({ workspaceId, id: invited.invitation.id, sendEmail: true })
    await call.member.create({ workspaceId, email: s.guest.email, role: 'developer', sendEmail: true })
    await call.member.create({ ...wanted, email: 'bob@example.com' })
    expect((await call.member.invite({ ...wanted, email: 'eve@example.com', sendEmail: false })).emailed).toBe(false)
    expect(JSON.stringify(await s.db.selectFrom('outbox').selectAll().execute())).not.toContain('stw_inv_')
    await startOutbox(app, { 'mail.send': sendMail(app) }, { after: () => () => {} }).wake()
    expect(sent.map(({ to, subject }) => `${to}: ${subject}`)).toEqual([
      'ada@example.com: You have been invited to Acme',
      'ada@example.com: You have been invited to Acme',
      'guest@example.com: You have been added to Acme',
      'bob@example.com: You have been invited to Acme',
    ])
    expect(sent[0]?.text).toContain('owner@example.com has invited you to the workspace "Acme" on Steward as viewer.')
    expect(sent[0]?.text).toContain(invited.link)
    expect(sent[1]?.text).toContain(renewed.link)
    expect(sent[2]?.text).toContain(`/w/${workspaceId}/home`)
  })

  it('sends an address and a person no more than their share of mails in a day; links can still be made', async () => {
    const s = await fixture()
    const { workspaceId } = s
    const { app } = testApp(storesOf(s.app), {
      clock: s.clock,
      ids: s.app.ids,
      mailer: { send: async () => {} },
    })
    const second = await seedPerson(app, 'second@example.com')
    await seedMember(app, workspaceId, { ...second, role: 'administrator' })
    const call = callerFor(routes, app)
    const mails = () => s.db.selectFrom('outbox').selectAll().where('topic', '=', 'mail.send').execute()
    const wanted = { workspaceId, email: 'ada@example.com', role: 'viewer', sendEmail: true } as const
    const { invitation } = await call(s.owner.actor).member.invite(wanted)
    const renew = (who = s.owner, sendEmail = true) =>
      call(who.actor).member.renewInvitation({ workspaceId, id: invitation.id, sendEmail })
    for (let n = 1; n < mailShares.address; n++) await renew(n % 2 ? second : s.owner)
    expect(await mails()).toHaveLength(mailShares.address)
    const limited = { type: 'RateLimited', metadata: { limit: mailShares.address, resetSeconds: 12 * 3600 } }
    await expect(renew()).rejects.toMatchObject(limited)
    await expect(renew(second)).rejects.toMatchObject(limited)
    expect((await renew(second, false)).emailed).toBe(false)
    expect(await mails()).toHaveLength(mailShares.address)
    // As if the person had had all but one of theirs today.
    const [mine] = await s.db
      .selectFrom('mail_count')
      .selectAll()
      .where('subject', 'like', 'by:%')
      .orderBy('mails', 'desc')
      .execute()
    await storesOf(app).main.write((tx) =>
      tx
        .updateTable('mail_count')
        .set({ mails: mailShares.person - 1 })
        .where('subject', '=', mine?.subject ?? '')
        .execute(),
    )
    const invite = (email: string) => call(s.owner.actor).member.create({ ...wanted, email })
    await invite('bob@example.com')
    await expect(invite('eve@example.com')).rejects.toMatchObject({
      type: 'RateLimited',
      metadata: { limit: mailShares.person },
    })
    await call(second.actor).member.create({ ...wanted, email: 'eve@example.com' })
    s.clock.advance(12 * hour)
    expect((await renew()).emailed).toBe(true)
    await startJobs(app, { timer: { after: () => () => {} } }).tidy()
    expect(await s.db.selectFrom('mail_count').select('day').distinct().execute()).toEqual([{ day: '2026-03-02' }])
  })

  it('answers the same without a mail server, and sends nothing', async () => {
    const s = await fixture()
    const { workspaceId } = s
    const call = s.call(s.owner.actor)
    const made = await call.member.create({ workspaceId, email: 'ada@example.com', role: 'viewer', sendEmail: true })
    expect(made).toMatchObject({ email: 'ada@example.com', role: 'viewer' })
    const wanted = { workspaceId, email: 'bob@example.com', role: 'viewer', sendEmail: true } as const
    expect((await call.member.invite(wanted)).emailed).toBe(false)
    expect(await s.db.selectFrom('outbox').selectAll().execute()).toEqual([])
  })
})
