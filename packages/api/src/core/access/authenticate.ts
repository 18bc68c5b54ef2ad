import { iso, minute } from '../clock.ts'
import type { Actor, Db, Lane, MainTx } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { AppContext } from '../app-context.ts'
import { storesOf } from '../app-context.ts'
import { isWellFormedToken, sha256 } from '../secrets.ts'
import type { CountContext, Counter } from '../write/count.ts'
import { count } from '../write/count.ts'
import type { Item } from '../write/ledger.ts'

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

/** A credential was used, in one minute: that is its id. */
interface Use extends Item {
  readonly at: string
}

/** How the last use of a kind of credential is kept. */
export interface Uses {
  findLast(tx: MainTx, of: { id: string }): Promise<{ last_used_at: string | null } | undefined>
  keep(tx: MainTx, use: { id: string; at: string }): Promise<unknown>
}

interface Used {
  row: { id: string; last_used_at: string | null }
  actor: Actor
  /** The lane that the credential is in. */
  lane: Lane
}

const underWay = new WeakMap<AppContext, Set<string>>()

/**
 * Counts that a credential was used, once a minute whatever number of servers it calls.
 * @returns a promise that no request waits for, and that never fails.
 */
export async function noteUse(app: AppContext, { row, actor, lane }: Used, uses: Uses): Promise<void> {
  const now = app.clock.now()
  if (row.last_used_at !== null && now - Date.parse(row.last_used_at) < minute) return
  const counting = underWay.get(app) ?? new Set<string>()
  underWay.set(app, counting)
  const { id } = row
  if (counting.has(id)) return
  counting.add(id)
  const ctx: CountContext = { app, lane, recheck: (db) => recheckCredential(app, db, actor) }
  const began = iso(now - (now % minute))
  const counter: Counter<CountContext, Use, null> = {
    name: 'use of a credential',
    hashOf: () => '',
    async find(tx, _, ids) {
      const last = (await uses.findLast(tx, { id }))?.last_used_at ?? ''
      return last < began ? [] : ids.map((use) => ({ id: use, hash: '', answer: null }))
    },
    async add(tx, _, fresh) {
      for (const { item } of fresh) await uses.keep(tx, { id, at: item.at })
      return fresh.map(() => null)
    },
  }
  try {
    await count(ctx, counter, [{ id: `${id} ${began}`, at: iso(now) }])
  } catch (cause) {
    // It may have been revoked meanwhile: its use is of no interest any more.
    if (cause instanceof ApiError) return
    app.log.warn({ err: cause, credential: id }, 'The use of a credential could not be recorded.')
  } finally {
    counting.delete(id)
  }
}
