import { hour, iso } from '../../core/clock.ts'
import type { Context } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { mintToken, sha256 } from '../../core/secrets.ts'
import type { NewInvitation } from './invitation.queries.ts'

/** Hours an invitation stays good by default. */
const defaultHours = 168

export interface Draft {
  row: NewInvitation
  /** Where the invited person goes; shown once, as only the hash of its secret is kept. What follows # stays in the browser. */
  path: string
}

/** An invitation to be written for a pending member; made before the transaction, which may run twice. */
export function draftInvitation(
  ctx: Context & { workspaceId: string },
  memberId: string,
  hours: number = defaultHours,
): Draft {
  const { ids, clock } = ctx.app
  const secret = mintToken(ids, 'stw_inv_')
  const now = clock.now()
  return {
    row: {
      id: ids.make('invitation'),
      workspace_id: ctx.workspaceId,
      member_id: memberId,
      hash: sha256(secret),
      invited_by: actingUser(ctx),
      created_at: iso(now),
      expires_at: iso(now + hours * hour),
    },
    path: `/invitations#${secret}`,
  }
}
