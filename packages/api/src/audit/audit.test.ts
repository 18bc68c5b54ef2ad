import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { authorize } from '../core/access/access.ts'
import { turnsDuring } from '../core/loop.testing.ts'
import { seedMember, seedPerson, seedWorkspace } from '../core/app.testing.ts'
import { write } from '../core/write/write.ts'
import { checkpointLane } from './checkpoint.service.ts'
import { auditFixture } from './fixture.testing.ts'

eachDialect('audit', (open) => {
  it('lists newest first, in pages, with what the contract wants', async () => {
    const s = await auditFixture(await open())
    await s.grow(5)
    const list = (nextToken?: string) =>
      s.call(s.manager.actor).audit.list({ id: s.workspaceId, pageSize: 3, ...(nextToken && { nextToken }) })
    const first = await list()
    const second = await list(first.meta.nextToken)
    expect([...first.records, ...second.records].map((one) => one.value)).toEqual(
      [5, 4, 3, 2, 1].map((i) => `name ${i}`),
    )
    expect(second.meta).toEqual({})
    expect(first.records[0]).toEqual({
      id: expect.stringMatching(/^audit_/),
      recordedAt: '2026-03-01T12:00:05.000Z',
      userId: s.owner.userId,
      userEmail: 'owner@example.com',
      resourceId: s.workspaceId,
      resourceName: 'name 5',
      value: 'name 5',
      action: 'UPDATE_WORKSPACE',
      operation: 'workspace.update',
    })
  })

  it('reads no more of large records at once than one thread can carry', async () => {
    const s = await auditFixture(await open())
    await s.grow(5, 'x'.repeat(500_000))
    await s.grow(2)
    const call = s.call(s.manager.actor)
    const sizes: number[] = []
    const seen: string[] = []
    for (let nextToken: string | undefined; ;) {
      const { records, meta } = await call.audit.list({ id: s.workspaceId, ...(nextToken && { nextToken }) })
      sizes.push(records.length)
      seen.push(...records.map(({ value }) => value?.replace(/^x+/, 'x') ?? ''))
      nextToken = meta.nextToken
      if (!nextToken) break
    }
    expect(sizes).toEqual([4, 2, 1])
    expect(seen).toEqual(['name 7', 'name 6', 'x 5', 'x 4', 'x 3', 'x 2', 'x 1'])
    const lengths: number[] = []
    for (let nextToken: string | undefined; ;) {
      const piece = await call.audit.export({ id: s.workspaceId, format: 'jsonl', ...(nextToken && { nextToken }) })
      lengths.push(piece.text.trimEnd().split('\n').length)
      nextToken = piece.meta.nextToken
      if (!nextToken) break
    }
    expect(lengths).toEqual([1, 1, 1, 1, 1, 2])
    await checkpointLane(s.app, s.workspaceId)
    const { report } = await call.audit.verify({ id: s.workspaceId })
    expect(report).toMatchObject({ ok: true, records: 7, checkpoints: 1 })
  })

  it('filters by action, person and time, and ties a page to its filter', async () => {
    const s = await auditFixture(await open())
    await s.grow(3)
    await s.call(s.owner.actor).member.invite({ workspaceId: s.workspaceId, email: 'x@example.com', role: 'viewer' })
    const list = (filter: object) => s.call(s.manager.actor).audit.list({ id: s.workspaceId, ...filter })
    const count = async (filter: object) => (await list(filter)).records.length
    expect(await count({ action: 'ADD_WORKSPACE_MEMBER' })).toBe(1)
    expect(await count({ userId: s.owner.userId })).toBe(4)
    expect(await count({ userId: s.manager.userId })).toBe(0)
    expect(await count({ from: '2026-03-01T12:00:02.000Z', until: '2026-03-01T13:00:02.000+01:00' })).toBe(1)
    const { meta } = await list({ pageSize: 1, action: 'UPDATE_WORKSPACE' })
    await expect(list({ pageSize: 1, ...meta })).rejects.toMatchObject({ type: 'InvalidQuery' })
    await expect(list({ from: 'yesterday' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('describes one record with everything around it', async () => {
    const s = await auditFixture(await open())
    await s.grow(2)
    const { records } = await s.call(s.manager.actor).audit.list({ id: s.workspaceId })
    const { record } = await s
      .call(s.manager.actor)
      .audit.describe({ id: s.workspaceId, recordId: records[0]?.id ?? '' })
    expect(record).toMatchObject({
      seq: 2,
      actorKind: 'user',
      actorId: s.owner.userId,
      operation: 'workspace.update',
      requestId: 'req_test',
      erased: false,
      before: null,
      after: { name: 'name 2' },
      ip: '127.0.0.1',
      userAgent: 'vitest',
      credential: { kind: 'local', id: null },
    })
    expect(record.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is for managers and up, of this workspace; erasing for its owner', async () => {
    const s = await auditFixture(await open())
    await s.grow(1)
    const { workspaceId: id } = s
    const other = await seedPerson(s.app, 'other@example.com')
    const foreign = await seedWorkspace(s.app, other, 'Other')
    const [record] = (await s.call(s.manager.actor).audit.list({ id })).records
    const developer = await seedPerson(s.app, 'developer@example.com')
    await seedMember(s.app, id, { ...developer, role: 'developer' })
    const calls = (who: typeof other) => {
      const { audit } = s.call(who.actor)
      return [
        () => audit.list({ id }),
        () => audit.describe({ id, recordId: record?.id ?? '' }),
        () => audit.verify({ id }),
        () => audit.export({ id, format: 'csv' }),
        () => audit.listCheckpoints({ id }),
        () => audit.erase({ id, userId: other.userId }),
      ]
    }
    for (const call of calls(other)) await expect(call()).rejects.toMatchObject({ type: 'ResourceNotFound' })
    for (const call of calls(developer)) await expect(call()).rejects.toMatchObject({ type: 'Forbidden' })
    await expect(s.call(s.manager.actor).audit.erase({ id, userId: other.userId })).rejects.toMatchObject({
      type: 'Forbidden',
    })
    await expect(s.call(other.actor).audit.describe({ id: foreign, recordId: record?.id ?? '' })).rejects.toMatchObject(
      { type: 'ResourceNotFound' },
    )
    expect((await s.call(other.actor).audit.list({ id: foreign })).records).toEqual([])
  })

  it('erases what names a person, records that it did, and the chain still verifies', async () => {
    const s = await auditFixture(await open())
    const { workspaceId: id } = s
    const leaver = await seedPerson(s.app, 'leaver@example.com')
    const owner = s.call(s.owner.actor)
    const { id: memberId } = await owner.member.create({ workspaceId: id, email: leaver.email, role: 'administrator' })
    await s.call(leaver.actor).member.invite({ workspaceId: id, email: 'friend@example.com', role: 'viewer' })
    await s.grow(2)
    await owner.member.delete({ workspaceId: id, id: memberId })
    expect(await owner.audit.erase({ id, userId: leaver.userId })).toEqual({ erased: 3, more: false })
    const { records } = await owner.audit.list({ id })
    expect(records.map((one) => one.resourceName !== null)).toEqual([false, false, true, true, false, false])
    const payloads = await s.main.reader
      .selectFrom('audit_payload')
      .innerJoin('audit_record', 'audit_record.id', 'audit_payload.record_id')
      .select('payload')
      .where('lane_id', '=', id)
      .execute()
    expect(JSON.stringify(payloads)).not.toContain('leaver@example.com')
    const described = await owner.audit.describe({ id, recordId: records[1]?.id ?? '' })
    expect(described.record).toMatchObject({ erased: true, before: null, ip: null, seq: 5 })
    expect((await owner.audit.verify({ id })).report).toMatchObject({ ok: true, records: 6, erased: 3 })
    expect(await owner.audit.erase({ id, userId: leaver.userId })).toEqual({ erased: 0, more: false })
  })

  it('searches large records piece by piece, and others are answered between', async () => {
    const s = await auditFixture(await open())
    await s.grow(8, 'x'.repeat(700_000))
    const turns = await turnsDuring(async () => {
      const erased = await s.call(s.owner.actor).audit.erase({ id: s.workspaceId, userId: s.owner.userId })
      expect(erased).toEqual({ erased: 8, more: false })
    })
    expect(turns).toBeGreaterThanOrEqual(7)
    expect((await s.call(s.owner.actor).audit.verify({ id: s.workspaceId })).report).toMatchObject({
      ok: true,
      erased: 8,
    })
  })

  it('erases only the records that were named, and refuses those of somebody else', async () => {
    const s = await auditFixture(await open())
    const { workspaceId: id } = s
    await s.grow(3)
    const { records } = await s.call(s.owner.actor).audit.list({ id })
    const [newest] = records
    const recordIds = [newest?.id ?? '']
    const erase = (userId: string) => s.call(s.owner.actor).audit.erase({ id, userId, recordIds })
    await expect(erase(s.manager.userId)).rejects.toMatchObject({ type: 'ResourceNotFound' })
    // A word that stands in every record names nobody.
    await expect(erase('ip')).rejects.toThrow()
    expect(await erase(s.owner.userId)).toEqual({ erased: 1, more: false })
    await expect(erase(s.owner.userId)).rejects.toMatchObject({ type: 'ResourceNotFound' })
    const after = (await s.call(s.owner.actor).audit.list({ id })).records
    expect(after.map((one) => one.value)).toEqual(['1', null, 'name 2', 'name 1'])
  })

  it('exports all of it once, in pieces, oldest first', async () => {
    const s = await auditFixture(await open())
    await s.fill(1003)
    const first = await s.call(s.manager.actor).audit.export({ id: s.workspaceId, format: 'jsonl' })
    expect(first.text.trimEnd().split('\n')).toHaveLength(1000)
    const lines = (await s.exported('jsonl')).trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(
      Array.from({ length: 1003 }, (_, i) => i + 1),
    )
    const csv = (await s.exported('csv')).trimEnd().split('\n')
    expect(csv).toHaveLength(1004)
    expect(csv[0]).toBe(
      'seq,id,laneId,at,actorKind,actorId,action,operation,resourceType,resourceId,requestId,prev,hash,payloadHash,salt,payload',
    )
    const token = first.meta.nextToken ?? ''
    await expect(
      s.call(s.manager.actor).audit.export({ id: s.workspaceId, format: 'csv', nextToken: token }),
    ).rejects.toMatchObject({ type: 'InvalidQuery' })
  })

  it('exports no cell that a spreadsheet would run', async () => {
    const s = await auditFixture(await open())
    const id = '=HYPERLINK("http://evil")'
    const request = { id, ip: null, userAgent: null, idempotencyKey: null }
    const ctx = await authorize({ app: s.app, actor: s.owner.actor, request }, 'workspace.update', {
      workspaceId: s.workspaceId,
    })
    await write(ctx, 'UPDATE_WORKSPACE', async () => ({
      answer: {},
      changes: [],
      audit: { type: 'workspace', id: '+1+cmd', value: '@SUM(A1)' },
    }))
    const csv = await s.exported('csv')
    expect(csv).toContain(`"'=HYPERLINK(""http://evil"")"`)
    expect(csv).toContain(`,'+1+cmd,`)
    expect(csv).not.toMatch(/(^|,)"?[=+@-]/m)
  })
})
