import type { MainSchema, Reader, Stores } from '@steward/db'

/** Everything the checks look at, read in one transaction. `keys` are idempotency keys to look for. */
export function takeSnapshot({ main }: Stores, keys: readonly string[] = []) {
  return main.snapshot(async (db) => ({
    ...(await workspaceRows(db)),
    ...(await botRows(db)),
    ...(await writeRows(db, keys)),
  }))
}

export type Snapshot = Awaited<ReturnType<typeof takeSnapshot>>

type Db = Reader<MainSchema>

async function workspaceRows(db: Db) {
  return {
    workspaces: await db
      .selectFrom('workspace')
      .select(['id', 'name', 'account_id', 'bot_count', 'owner_member_id'])
      .execute(),
    members: await db.selectFrom('member').select(['id', 'workspace_id', 'user_id', 'email', 'role']).execute(),
    invitations: await db.selectFrom('invitation').select(['id', 'member_id']).execute(),
    tokens: await db.selectFrom('personal_access_token').select(['id', 'hash']).execute(),
    preferences: await db.selectFrom('preference').select(['owner_kind', 'owner_id', 'key', 'value']).execute(),
  }
}

async function botRows(db: Db) {
  return {
    bots: await db
      .selectFrom('bot')
      .select(['id', 'workspace_id', 'name', 'description', 'dev', 'tags', 'document', 'code_blob'])
      .select(['current_version_id', 'deployed_at', 'status'])
      .execute(),
    tags: await db.selectFrom('bot_tag').select(['bot_id', 'workspace_id', 'key', 'value']).execute(),
    secrets: await db.selectFrom('bot_secret').select(['bot_id', 'name']).execute(),
    signing: await db.selectFrom('bot_signing_secret').select(['bot_id', 'expires_at']).execute(),
    keys: await db.selectFrom('bot_key').select(['id', 'bot_id', 'hash']).execute(),
    versions: await db
      .selectFrom('version')
      .select(['id', 'bot_id', 'name', 'document', 'code_blob'])
      .orderBy('created_at')
      .orderBy('id')
      .execute(),
    deployments: await db
      .selectFrom('deployment')
      .select(['id', 'bot_id', 'version_id', 'previous_version_id', 'kind'])
      .orderBy('at')
      .orderBy('id')
      .execute(),
  }
}

async function writeRows(db: Db, keys: readonly string[]) {
  return {
    lanes: await db.selectFrom('lane').selectAll().execute(),
    changes: await db.selectFrom('change').selectAll().execute(),
    records: await db
      .selectFrom('audit_record')
      .select(['lane_id', 'operation'])
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .groupBy(['lane_id', 'operation'])
      .execute(),
    chains: await db
      .selectFrom('audit_record')
      .select('lane_id')
      .select(({ fn }) => [
        fn.countAll<number>().as('count'),
        fn.min<number>('seq').as('first'),
        fn.max<number>('seq').as('last'),
      ])
      .groupBy('lane_id')
      .execute(),
    heads: await db
      .selectFrom('lane as l')
      .innerJoin('audit_record as r', (join) => join.onRef('r.lane_id', '=', 'l.id').onRef('r.seq', '=', 'l.audit_seq'))
      .select(['r.lane_id', 'r.hash'])
      .execute(),
    answers: await countOf(db, 'idempotency'),
    answered: new Set(
      keys.length === 0
        ? []
        : (await db.selectFrom('idempotency').select('key').where('key', 'in', keys).execute()).map(({ key }) => key),
    ),
  }
}

async function countOf(db: Db, table: 'idempotency'): Promise<number> {
  const { count } = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}
