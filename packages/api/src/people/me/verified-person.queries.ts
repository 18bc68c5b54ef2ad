import type { MainSchema, Params, Reader } from '@steward/db'
import { prepare } from '@steward/db'

type Asked = Params<{ email: string; accountId: string }>

/** By a provider's word, by the operator's, or as a member of a workspace of the account. */
export const findVerifiedPerson = prepare((db: Reader<MainSchema>, p: Asked) =>
  db
    .selectFrom('user as u')
    .select('u.id')
    .where('u.email', '=', p.email)
    .where((eb) =>
      eb.or([
        eb('u.email_verified', '=', 1),
        eb('u.operator', '=', 1),
        eb.exists(
          eb
            .selectFrom('member as m')
            .innerJoin('workspace as w', 'w.id', 'm.workspace_id')
            .select('m.id')
            .whereRef('m.user_id', '=', 'u.id')
            .where('w.account_id', '=', p.accountId),
        ),
      ]),
    ),
)

export const accountOfWorkspace = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string }>) =>
  db.selectFrom('workspace').select('account_id').where('id', '=', p.workspaceId),
)
