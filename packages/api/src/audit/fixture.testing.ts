import type { AuditPayloadTable, AuditRecordTable, Stores } from '@steward/db'
import { authorize } from '../core/access/access.ts'
import { genesis, linkHash, payloadHash } from '../core/write/audit-chain.ts'
import type { AppContext } from '../core/app-context.ts'
import { attachStores, storesOf } from '../core/app-context.ts'
import { makeKeys } from '../core/secrets.ts'
import { callerFor, seedMember, seedPerson, seedWorkspace, testApp, testRequest } from '../core/app.testing.ts'
import { router } from '../core/procedure/trpc.ts'
import { write } from '../core/write/write.ts'
import { memberRouter } from '../people/member.router.ts'
import { auditRouter } from './audit.router.ts'

export const auditApp = router({ audit: auditRouter, member: memberRouter })

/** Test support: a workspace whose chain grows by real writes. */
export async function auditFixture(stores: Stores, overrides: Parameters<typeof testApp>[1] = {}) {
  const { app, clock } = testApp(stores, overrides)
  const owner = await seedPerson(app, 'owner@example.com')
  const workspaceId = await seedWorkspace(app, owner, 'Acme')
  const manager = await seedPerson(app, 'manager@example.com')
  await seedMember(app, workspaceId, { ...manager, role: 'manager' })
  const call = callerFor(auditApp, app)
  const ctx = await authorize({ app, actor: owner.actor, request: testRequest }, 'workspace.update', { workspaceId })
  const { main } = storesOf(app)
  let turn = 0

  /** Renames the workspace so many times, a second apart: one record each. @param by has the key that is in use. */
  async function grow(count: number, name = 'name', by: AppContext = app): Promise<void> {
    for (let i = 0; i < count; i++) {
      turn += 1
      clock.advance(1000)
      const next = `${name} ${turn}`
      await write({ ...ctx, app: by }, 'UPDATE_WORKSPACE', async (tx) => {
        await tx.updateTable('workspace').set({ name: next }).where('id', '=', workspaceId).execute()
        return {
          answer: {},
          changes: [{ type: 'workspace', id: workspaceId }],
          audit: { type: 'workspace', id: workspaceId, name: next, value: next, after: { name: next } },
        }
      })
    }
  }

  /** Puts so many records on an empty chain at once: what as many writes would leave, without their time. */
  async function fill(count: number): Promise<void> {
    const { records, payloads, head } = chainOf(workspaceId, owner.userId, count)
    await main.write(async (tx) => {
      for (let at = 0; at < count; at += 100) {
        await tx
          .insertInto('audit_record')
          .values(records.slice(at, at + 100))
          .execute()
        await tx
          .insertInto('audit_payload')
          .values(payloads.slice(at, at + 100))
          .execute()
      }
      const moved = { version: count, audit_seq: count, audit_head: head }
      await tx.updateTable('lane').set(moved).where('id', '=', workspaceId).execute()
    })
  }

  /** The trail as a file, piece by piece. */
  async function exported(format: 'csv' | 'jsonl'): Promise<string> {
    let text = ''
    for (let nextToken: string | undefined; ;) {
      const piece = await call(manager.actor).audit.export({ id: workspaceId, format, ...(nextToken && { nextToken }) })
      text += piece.text
      nextToken = piece.meta.nextToken
      if (!nextToken) return text
    }
  }

  return { app, clock, owner, manager, workspaceId, call, grow, fill, exported, main }
}

function chainOf(laneId: string, userId: string, count: number) {
  const records: AuditRecordTable[] = []
  const payloads: AuditPayloadTable[] = []
  let head = genesis
  for (let seq = 1; seq <= count; seq++) {
    const payload = JSON.stringify({ resourceName: `name ${seq}`, value: null, before: null, after: { seq } })
    const row = {
      id: `audit_${String(seq).padStart(26, '0')}`,
      lane_id: laneId,
      seq,
      prev: head,
      at: '2026-03-01T12:00:00.000Z',
      actor_kind: 'user',
      actor_id: userId,
      action: 'UPDATE_WORKSPACE',
      operation: 'workspace.update',
      resource_type: 'workspace',
      resource_id: laneId,
      request_id: 'req_test',
      payload_hash: payloadHash('salt', payload),
    }
    head = hashOf(row)
    records.push({ ...row, hash: head })
    payloads.push({ record_id: row.id, salt: 'salt', payload })
  }
  return { records, payloads, head }
}

/** The link of a row, as `write` computes it. */
export function hashOf(row: Omit<AuditRecordTable, 'hash'>): string {
  const header = {
    id: row.id,
    laneId: row.lane_id,
    at: row.at,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    operation: row.operation,
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    requestId: row.request_id,
  }
  return linkHash(row.seq, row.prev, { header, payloadHash: row.payload_hash })
}

/** The same app, opened with another secret. */
export function withKey(app: AppContext, digit: number): AppContext {
  return attachStores({ ...app, keys: makeKeys(new Uint8Array(32).fill(digit), app.ids) }, storesOf(app))
}
