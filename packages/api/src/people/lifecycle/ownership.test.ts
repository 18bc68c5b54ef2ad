import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { storesOf } from '../../core/app-context.ts'
import { callerFor, seedMember, seedPerson, seedWorkspace, testApp } from '../../core/app.testing.ts'
import { router } from '../../core/procedure/trpc.ts'
import { memberRouter } from '../member.router.ts'

const routes = router({ member: memberRouter })

eachDialect('owner', (open) => {
  async function fixture(others: number) {
    const { app } = testApp(await open())
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner, 'Acme')
    const call = callerFor(routes, app)
    const first = await call(owner.actor).member.me({ workspaceId })
    const people = [{ ...owner, memberId: first.id }]
    for (let i = 0; i < others; i++) {
      const person = await seedPerson(app, `p${i}@example.com`)
      people.push({ ...person, memberId: await seedMember(app, workspaceId, { ...person, role: 'administrator' }) })
    }
    const { main } = storesOf(app)
    const owners = () =>
      main.reader
        .selectFrom('member')
        .innerJoin('workspace', 'workspace.id', 'member.workspace_id')
        .select(['member.id', 'workspace.owner_member_id'])
        .where('member.role', '=', 'owner')
        .execute()
    const transfer = (from: number, to: string, confirmName = 'Acme') =>
      call(people[from]?.actor ?? owner.actor).member.transferOwnership({ workspaceId, memberId: to, confirmName })
    return { app, main, workspaceId, people, call, owners, transfer }
  }

  it('passes to another member, and the former owner stays as an administrator', async () => {
    const s = await fixture(1)
    const [former, next] = s.people
    const done = await s.transfer(0, next?.memberId ?? '')
    expect(done).toMatchObject({
      owner: { id: next?.memberId, role: 'owner' },
      formerOwner: { id: former?.memberId, role: 'administrator' },
    })
    expect(await s.owners()).toEqual([{ id: next?.memberId, owner_member_id: next?.memberId }])
    await expect(s.transfer(0, next?.memberId ?? '')).rejects.toMatchObject({ type: 'Forbidden' })
    expect(await s.transfer(1, former?.memberId ?? '')).toMatchObject({ owner: { id: former?.memberId } })
  })

  it('asks for the exact name, a joined member, and somebody else', async () => {
    const s = await fixture(1)
    const next = s.people[1]?.memberId ?? ''
    const { workspaceId } = s
    const pending = await s
      .call(s.people[0]?.actor ?? { kind: 'anonymous' })
      .member.create({ workspaceId, email: 'pending@example.com', role: 'viewer' })
    await expect(s.transfer(0, next, 'acme')).rejects.toMatchObject({ type: 'InvalidPayload' })
    await expect(s.transfer(0, pending.id)).rejects.toMatchObject({ type: 'Forbidden' })
    await expect(s.transfer(0, s.people[0]?.memberId ?? '')).rejects.toMatchObject({ type: 'AlreadyExists' })
    await expect(s.transfer(0, 'member_none')).rejects.toMatchObject({ type: 'ResourceNotFound' })
    await expect(s.transfer(1, next)).rejects.toMatchObject({ type: 'Forbidden' })
    expect(await s.owners()).toMatchObject([{ id: s.people[0]?.memberId }])
  })

  it('has exactly one owner whatever 64 racing transfers and removals do', async () => {
    const s = await fixture(6)
    const races = Array.from({ length: 64 }, (_, i) => {
      const from = i % 7
      const to = s.people[(i * 3 + 1) % 7]?.memberId ?? ''
      if (i % 4 !== 3) return s.transfer(from, to)
      const { actor } = s.people[from] ?? { actor: { kind: 'anonymous' } as const }
      return s.call(actor).member.delete({ workspaceId: s.workspaceId, id: to })
    })
    const outcomes = await Promise.allSettled(races)
    const refusals = new Set(['Forbidden', 'AlreadyExists', 'ResourceNotFound', 'RelationConflict'])
    for (const one of outcomes) if (one.status === 'rejected') expect(refusals).toContain(one.reason.type)
    expect(outcomes.some((one) => one.status === 'fulfilled')).toBe(true)
    const [owner, ...more] = await s.owners()
    expect(more).toEqual([])
    expect(owner?.id).toBe(owner?.owner_member_id)
  })

  it('is held by the schema itself: neither two owners nor none', async () => {
    const s = await fixture(1)
    const [first, second] = s.people.map((one) => one.memberId)
    const setRole = (id: string | undefined, role: 'owner' | 'viewer') =>
      s.main.write((tx) =>
        tx
          .updateTable('member')
          .set({ role })
          .where('id', '=', id ?? '')
          .execute(),
      )
    await expect(setRole(second, 'owner')).rejects.toThrow(/unique/i)
    await expect(setRole(first, 'viewer')).rejects.toThrow(/foreign key/i)
    const remove = s.main.write((tx) =>
      tx
        .deleteFrom('member')
        .where('id', '=', first ?? '')
        .execute(),
    )
    await expect(remove).rejects.toThrow(/foreign key/i)
    expect(await s.owners()).toMatchObject([{ id: first }])
  })
})
