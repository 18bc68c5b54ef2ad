import type { MainTx } from '../context.ts'
import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'

type Row<T extends keyof MainSchema> = MainSchema[T]

/** The public half of the key that the database is used with; null before its first start. */
const keyInUse = (db: Reader<MainSchema>) =>
  db.selectFrom('signing_key').select('public_key').orderBy('number', 'desc').limit(1)

export const findKeyInUse = prepare((db: Reader<MainSchema>) => keyInUse(db))

/** Locks the lane's row until the commit, alike on both engines, and reads it, and the key in use with it. */
export const takeLane = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string }>) =>
  tx
    .updateTable('lane')
    .set((eb) => ({ version: eb.ref('version') }))
    .where('id', '=', p.id)
    .returning(['version', 'audit_seq', 'audit_head'])
    .returning(keyInUse(tx).as('key_in_use')),
)

/** The same without writing it: for counts, which do not move the lane. */
export const holdLane = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string }>) =>
  tx
    .selectFrom('lane')
    .select(['version', 'audit_seq', 'audit_head'])
    .select(keyInUse(tx).as('key_in_use'))
    .where('id', '=', p.id)
    .forUpdate(),
)

export const insertLane = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ id: string; kind: Row<'lane'>['kind']; head: string }>) =>
    tx
      .insertInto('lane')
      .values({ id: p.id, kind: p.kind, version: 0, audit_seq: 0, audit_head: p.head })
      .onConflict((conflict) => conflict.column('id').doNothing()),
)

export const moveLane = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ id: string; version: number; seq: number; head: string }>) =>
    tx.updateTable('lane').set({ version: p.version, audit_seq: p.seq, audit_head: p.head }).where('id', '=', p.id),
)

export const upsertChange = prepareWrite((tx: Tx<MainSchema>, p: Params<Row<'change'>>) =>
  tx
    .insertInto('change')
    .values({ lane_id: p.lane_id, type: p.type, entity_id: p.entity_id, version: p.version, deleted: p.deleted })
    .onConflict((conflict) =>
      conflict
        .columns(['lane_id', 'type', 'entity_id'])
        .doUpdateSet((eb) => ({ version: eb.ref('excluded.version'), deleted: eb.ref('excluded.deleted') })),
    ),
)

export const insertAudit = prepareWrite((tx: Tx<MainSchema>, p: Params<Row<'audit_record'>>) =>
  tx.insertInto('audit_record').values({
    id: p.id,
    lane_id: p.lane_id,
    seq: p.seq,
    prev: p.prev,
    hash: p.hash,
    at: p.at,
    actor_kind: p.actor_kind,
    actor_id: p.actor_id,
    action: p.action,
    operation: p.operation,
    resource_type: p.resource_type,
    resource_id: p.resource_id,
    request_id: p.request_id,
    payload_hash: p.payload_hash,
  }),
)

export const insertPayload = prepareWrite((tx: Tx<MainSchema>, p: Params<Row<'audit_payload'>>) =>
  tx.insertInto('audit_payload').values({ record_id: p.record_id, salt: p.salt, payload: p.payload }),
)

export const insertOutbox = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<Omit<Row<'outbox'>, 'attempts' | 'last_error'>>) =>
    tx.insertInto('outbox').values({
      id: p.id,
      lane_id: p.lane_id,
      topic: p.topic,
      payload: p.payload,
      created_at: p.created_at,
      run_after: p.run_after,
      attempts: 0,
      last_error: null,
    }),
)

export const findAnswer = prepare((db: Reader<MainSchema>, p: Params<{ actor_id: string; key: string }>) =>
  db
    .selectFrom('idempotency')
    .select(['request_hash', 'answer'])
    .where('actor_id', '=', p.actor_id)
    .where('key', '=', p.key),
)

export const insertIdempotency = prepareWrite((tx: Tx<MainSchema>, p: Params<Row<'idempotency'>>) =>
  tx.insertInto('idempotency').values({
    actor_id: p.actor_id,
    key: p.key,
    request_hash: p.request_hash,
    answer: p.answer,
    created_at: p.created_at,
  }),
)

/** Turns all that is in a lane into tombstones of a version: one statement, however much there is. */
export const endChanges = prepareWrite((tx: Tx<MainSchema>, p: Params<{ laneId: string; version: number }>) =>
  tx
    .updateTable('change')
    .set({ deleted: 1, version: p.version })
    .where('lane_id', '=', p.laneId)
    .where('deleted', '=', 0),
)

/** Deletes payload and salt: what is left of a record says who did what when, but neither names nor values. */
export async function erasePayloads(tx: MainTx, recordIds: readonly string[]): Promise<void> {
  await tx.deleteFrom('audit_payload').where('record_id', 'in', recordIds).execute()
}
