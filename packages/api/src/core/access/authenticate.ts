import { writeInBackground } from '../background-write.ts'
import {
  botKeyIsAlive,
  findBotKey,
  findRotatedToken,
  findToken,
  sessionIsAlive,
  tokenIsAlive,
  touchBotKey,
  touchToken,
} from './authenticate.queries.ts'
import { iso, minute } from '../clock.ts'
import type { Actor, Db, MainTx } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { AppContext } from '../app-context.ts'
import { storesOf } from '../app-context.ts'
import { isWellFormedToken, sha256 } from '../secrets.ts'

const refused = (): ApiError =>
  new ApiError('Unauthorized', 'This token is not valid: it is unknown, revoked or expired.')

/**
 * Who a bearer value stands for.
 * @throws Unauthorized when it is malformed, unknown, revoked or expired; which one is not told.
 */
export async function authenticateBearer(app: AppContext, value: string): Promise<Actor> {
  if (!isWellFormedToken(value)) throw refused()
  const db = storesOf(app).main.reader
  if (value.startsWith('bp_pat_')) return tokenActor(app, db, sha256(value))
  if (value.startsWith('bp_bak_')) return botKeyActor(app, db, sha256(value))
  throw refused()
}

async function tokenActor(app: AppContext, db: Db, hash: string): Promise<Actor> {
  const now = iso(app.clock.now())
  let row = await findToken.first(db, { hash })
  if (!row) {
    row = await findRotatedToken.first(db, { hash })
    if (!row || row.previous_until === null || row.previous_until <= now) throw refused()
  }
  if (row.expires_at !== null && row.expires_at <= now) throw refused()
  noteUse(app, row, (tx, at) => touchToken.run(tx, { id: row.id, at }))
  const scopes = row.scopes === null ? null : (JSON.parse(row.scopes) as string[])
  return {
    kind: 'user',
    userId: row.user_id,
    credential: { kind: 'token', id: row.id, scopes, workspaceId: row.workspace_id, hash },
  }
}

async function botKeyActor(app: AppContext, db: Db, hash: string): Promise<Actor> {
  const row = await findBotKey.first(db, { hash })
  if (!row || (row.expires_at !== null && row.expires_at <= iso(app.clock.now()))) throw refused()
  noteUse(app, row, (tx, at) => touchBotKey.run(tx, { id: row.id, at }))
  return { kind: 'bot', botId: row.bot_id, workspaceId: row.workspace_id, keyId: row.id }
}

/** Last use is kept to the minute. */
function noteUse(
  app: AppContext,
  row: { id: string; last_used_at: string | null },
  touch: (tx: MainTx, at: string) => Promise<unknown>,
): void {
  const now = app.clock.now()
  if (row.last_used_at !== null && now - Date.parse(row.last_used_at) < minute) return
  writeInBackground(app, row.id, (tx) => touch(tx, iso(now)))
}

/**
 * Whether the actor's credential is still good, asked inside a write.
 * @throws Unauthorized when it was revoked or has run out since the request began.
 */
export async function recheckCredential(app: AppContext, db: Db, actor: Actor): Promise<void> {
  const now = iso(app.clock.now())
  if (actor.kind === 'bot' && !(await botKeyIsAlive.first(db, { id: actor.keyId, now }))) throw refused()
  if (actor.kind !== 'user') return
  const { credential } = actor
  if (credential.kind === 'token') {
    const row = await tokenIsAlive.first(db, { id: credential.id, now })
    if (!row || !isValueOf(row, credential.hash, now)) throw refused()
  }
  if (credential.kind === 'session' && !(await sessionIsAlive.first(db, { id: credential.id, now }))) throw refused()
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
