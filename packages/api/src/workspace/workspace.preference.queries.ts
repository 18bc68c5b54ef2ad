import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'

export const findPreference = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; key: string }>) =>
  db
    .selectFrom('preference')
    .select('value')
    .where('owner_kind', '=', 'workspace')
    .where('owner_id', '=', p.workspaceId)
    .where('key', '=', p.key),
)

export const putPreference = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ workspaceId: string; key: string; value: string; at: string }>) =>
    tx
      .insertInto('preference')
      .values({ owner_kind: 'workspace', owner_id: p.workspaceId, key: p.key, value: p.value, updated_at: p.at })
      .onConflict((conflict) =>
        conflict
          .columns(['owner_kind', 'owner_id', 'key'])
          .doUpdateSet((eb) => ({ value: eb.ref('excluded.value'), updated_at: eb.ref('excluded.updated_at') })),
      ),
)

export const deletePreference = prepareWrite((tx: Tx<MainSchema>, p: Params<{ workspaceId: string; key: string }>) =>
  tx
    .deleteFrom('preference')
    .where('owner_kind', '=', 'workspace')
    .where('owner_id', '=', p.workspaceId)
    .where('key', '=', p.key),
)
