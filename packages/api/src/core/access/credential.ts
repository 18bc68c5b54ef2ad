import type { AppContext } from '../app-context.ts'
import type { Actor, Db } from '../context.ts'

/** One kind of what callers prove who they are with, as the area that owns it tells of it. */
export interface Credential {
  /** Bearer values that begin with it are of this kind: `bp_pat_`. Null for what no bearer value is. */
  prefix: string | null
  /** Who the value with this SHA-256 stands for; null when it is unknown, revoked or expired. */
  find?(app: AppContext, db: Db, hash: string): Promise<Actor | null>
  /** Whether the actor came by a credential of this kind. */
  isOf(actor: Actor): boolean
  /** Whether that of the actor, who came by this kind, is still good. */
  isAlive(app: AppContext, db: Db, actor: Actor): Promise<boolean>
}
