import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'

type Row = MainSchema['preference']

/** Whose preferences: a person's, a workspace's or the installation's. */
export type PreferenceOwner = Pick<Row, 'owner_kind' | 'owner_id'>
export type PreferencePlace = PreferenceOwner & Pick<Row, 'key'>

export const findPreference = prepare((db: Reader<MainSchema>, p: Params<PreferencePlace>) =>
  db
    .selectFrom('preference')
    .select('value')
    .where('owner_kind', '=', p.owner_kind)
    .where('owner_id', '=', p.owner_id)
    .where('key', '=', p.key),
)

export const countPreferences = prepare((db: Reader<MainSchema>, p: Params<PreferenceOwner>) =>
  db
    .selectFrom('preference')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_kind', '=', p.owner_kind)
    .where('owner_id', '=', p.owner_id),
)

export const putPreference = prepareWrite((tx: Tx<MainSchema>, p: Params<Row>) =>
  tx
    .insertInto('preference')
    .values({
      owner_kind: p.owner_kind,
      owner_id: p.owner_id,
      key: p.key,
      value: p.value,
      updated_at: p.updated_at,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['owner_kind', 'owner_id', 'key'])
        .doUpdateSet((eb) => ({ value: eb.ref('excluded.value'), updated_at: eb.ref('excluded.updated_at') })),
    ),
)

export const deletePreference = prepareWrite((tx: Tx<MainSchema>, p: Params<PreferencePlace>) =>
  tx
    .deleteFrom('preference')
    .where('owner_kind', '=', p.owner_kind)
    .where('owner_id', '=', p.owner_id)
    .where('key', '=', p.key),
)

/** All of a person or workspace. */
export const deletePreferencesOf = prepareWrite((tx: Tx<MainSchema>, p: Params<PreferenceOwner>) =>
  tx.deleteFrom('preference').where('owner_kind', '=', p.owner_kind).where('owner_id', '=', p.owner_id),
)
