import type { MainSchema, Reader, TelemetrySchema, Tx } from '@steward/db'
import type { BatchShare } from './batch-share.ts'
import type { AppContext } from './app-context.ts'
import type { Permission, Role, Scope, Scopes } from './access/rule.ts'

/** How a person proved who they are. */
export type Credential =
  /** `hash` says which value was shown: a rotated token has two for a while. */
  | { kind: 'token'; id: string; scopes: readonly string[] | null; workspaceId: string | null; hash?: string }
  | { kind: 'session'; id: string }
  /** Has just proved it, and gets a session by this very request. */
  | { kind: 'sign-in' }
  | { kind: 'local' }

/** Who is asking: a closed union, so that "who did this" needs no nulls. */
export type Actor =
  | { kind: 'anonymous' }
  | { kind: 'user'; userId: string; credential: Credential }
  | { kind: 'bot'; botId: string; workspaceId: string; keyId: string }
  | { kind: 'system'; name: string }

/** What the audit trail and the log keep of a request. */
export interface RequestInfo {
  id: string
  ip: string | null
  /** Scheme and host by which the caller reached us, as they say; for links that they alone see (`addressForCaller`). */
  origin?: string | null
  userAgent: string | null
  idempotencyKey: string | null
  /** A session's reading of which nothing says what page asked for it: it may leave no record. */
  fromUnknownPage?: boolean
}

/** An idempotency key with the SHA-256 of the request it was sent with. */
export interface Idempotency {
  key: string
  requestHash: string
}

/** What a procedure starts with, before it is authorized. */
export interface Context {
  app: AppContext
  actor: Actor
  request: RequestInfo
  idempotency?: Idempotency | undefined
  /** Fields of the input that stand outside the body: with them rights are asked before it is read. */
  unread?: Readonly<Record<string, unknown>> | undefined
  /** The answer may hold a `LongText`. */
  longTexts?: boolean | undefined
  /** What the calls of a batch share; a call that is alone has none. */
  batch?: BatchShare | undefined
}

/** The serial lane of a workspace, an account, a person or the installation. */
export interface Lane {
  kind: 'workspace' | 'account' | 'user' | 'instance'
  id: string
}

/**
 * Proof that a permission was checked. Only `authorize` makes one; services accept nothing less. `recheck` asks again,
 * inside the write transaction and while a stream lasts, and resolves to what the actor may now.
 */
export interface Minted extends Context {
  permission: Permission
  lane: Lane
  recheck: (db: Db) => Promise<this>
}

export interface AnyoneContext extends Minted {
  scope: 'anyone'
}
export interface AnyContext extends Minted {
  scope: 'any'
}
export interface SelfContext extends Minted {
  scope: 'self'
  userId: string
}
export interface AccountContext extends Minted {
  scope: 'account'
  accountId: string
}
export interface WorkspaceContext extends Minted {
  scope: 'workspace'
  workspaceId: string
  /** `system` for the command line and jobs. */
  role: Role | 'system'
  memberId: string | null
}

/** Whatever `authorize` mints. */
export type AuthorizedContext = Scopes[Scope]

/** A reader of the main store: the pool, or the transaction one is in. */
export type Db = Reader<MainSchema>
/** The main store inside `write`. */
export type MainTx = Tx<MainSchema>

/** A reader of the telemetry store, or the transaction one is in. */
export type TelemetryDb = Reader<TelemetrySchema>
/** The telemetry store inside `record`. */
export type TelemetryTx = Tx<TelemetrySchema>

/** The person acting, for `createdBy` and the like; null for keys of bots and the system. */
export function actingUser(ctx: Context): string | null {
  return ctx.actor.kind === 'user' ? ctx.actor.userId : null
}
