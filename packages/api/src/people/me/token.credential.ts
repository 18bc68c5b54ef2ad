import type { Credential } from '../../core/access/credential.ts'
import type { Uses } from '../../core/access/authenticate.ts'
import { noteUse } from '../../core/access/authenticate.ts'
import { iso } from '../../core/clock.ts'
import type { Actor } from '../../core/context.ts'
import { findRotatedToken, findTokenByHash, lastUseOfToken, tokenIsAlive, touchToken } from './token.queries.ts'

const uses: Uses = {
  findLast: (tx, of) => lastUseOfToken.first(tx, of),
  keep: (tx, use) => touchToken.run(tx, use),
}

/** Personal access tokens. The former value of a rotated one is good for a while. */
export const tokenCredential: Credential = {
  prefix: 'bp_pat_',
  async find(app, db, hash) {
    let row = await findTokenByHash.first(db, { hash })
    if (!row) {
      row = await findRotatedToken.first(db, { hash })
      if (!row || row.previous_until === null || row.previous_until <= iso(app.clock.now())) return null
    }
    if (row.expires_at !== null && row.expires_at <= iso(app.clock.now())) return null
    const { id, user_id: userId, workspace_id: workspaceId } = row
    const scopes = row.scopes === null ? null : (JSON.parse(row.scopes) as string[])
    const actor: Actor = { kind: 'user', userId, credential: { kind: 'token', id, scopes, workspaceId, hash } }
    void noteUse(app, { row, actor, lane: { kind: 'user', id: userId } }, uses)
    return actor
  },
  isOf: (actor) => actor.kind === 'user' && actor.credential.kind === 'token',
  async isAlive(app, db, actor) {
    if (actor.kind !== 'user' || actor.credential.kind !== 'token') return false
    const { id, hash } = actor.credential
    const now = iso(app.clock.now())
    const row = await tokenIsAlive.first(db, { id, now })
    return row !== undefined && isValueOf(row, hash, now)
  },
}

interface Values {
  hash: string
  previous_hash: string | null
  previous_until: string | null
}

function isValueOf(row: Values, hash: string | undefined, now: string): boolean {
  if (hash === undefined || hash === row.hash) return true
  return hash === row.previous_hash && row.previous_until !== null && row.previous_until > now
}
