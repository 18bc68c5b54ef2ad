import { writeInBackground } from '../background-write.ts'
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
  const kind = app.areas.credentials.find(({ prefix }) => prefix !== null && value.startsWith(prefix))
  if (!kind?.find || !isWellFormedToken(value)) throw refused()
  const actor = await kind.find(app, storesOf(app).main.reader, sha256(value))
  if (!actor) throw refused()
  return actor
}

/**
 * Whether the actor's credential is still good, asked inside a write.
 * @throws Unauthorized when it was revoked or has run out since the request began.
 */
export async function recheckCredential(app: AppContext, db: Db, actor: Actor): Promise<void> {
  const kind = app.areas.credentials.find((one) => one.isOf(actor))
  if (kind && !(await kind.isAlive(app, db, actor))) throw refused()
}

/** Notes that a credential was used, to the minute, after the request. */
export function noteUse(
  app: AppContext,
  row: { id: string; last_used_at: string | null },
  touch: (tx: MainTx, at: string) => Promise<unknown>,
): void {
  const now = app.clock.now()
  if (row.last_used_at !== null && now - Date.parse(row.last_used_at) < minute) return
  writeInBackground(app, row.id, (tx) => touch(tx, iso(now)))
}
