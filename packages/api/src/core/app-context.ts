import type { MainSchema, Stores, Tx } from '@steward/db'
import type { CollectableBlobs } from './blob/blob-grace.ts'
import type { Areas } from './area.ts'
import type { Clock } from './clock.ts'
import type { Events } from './write/events.ts'
import type { Ids } from './id.ts'
import type { Mailer } from './mail/mail.ts'
import type { Keys } from './secrets.ts'

/** Structured log; never given a secret. */
export interface Log {
  debug(fields: object, text: string): void
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** A session that is alive. */
export interface LiveSession {
  id: string
  userId: string
  /** When the person last proved who they are: at the sign-in, or again since. Milliseconds. */
  confirmedAt: number
  /** There once a day: notes that it is used, and gives the `set-cookie` line by which the browser keeps it longer. */
  prolong?: () => string | null
}

/** Sessions and passwords, as the rest of the app sees them; made by `sign-in/`. */
export interface SignIn {
  /** The session that the request's cookie names, if it is alive. */
  sessionOf(headers: Headers): Promise<LiveSession | null>
  /**
   * @param stranger the address of a caller without a credential, who may have a few passwords hashed in a while.
   * @throws RateLimited for a stranger beyond that, and for anybody while too many hashes wait.
   */
  hashPassword(password: string, stranger?: string | null): Promise<string>
  /** Ids of the identity providers that ask for a second factor themselves. */
  readonly trustedProviders: ReadonlySet<string>
  /** Identity providers that people may sign in with. */
  readonly providers: readonly { id: string; name: string }[]
  /** Answers `/auth/*`. */
  handle(request: Request): Promise<Response>
}

/** What quotas may bound; each area adds its own by `declare module`. */
// eslint-disable-next-line typescript/no-empty-object-type -- filled by the areas
export interface Gauges {}

/** One change of a gauge: of how much there is of something. */
export interface Gauge {
  type: keyof Gauges
  /** Where it is: in a workspace and its account, or in an account alone. */
  in: { workspaceId: string } | { accountId: string }
  /** The bot that has it. */
  botId?: string
  delta: number
}

/**
 * Asked at the end of every write that moves gauges, with all of them at once. @throws QuotaExceeded, LimitExceeded or
 * PaymentRequired to refuse the write.
 */
export type QuotaCheck = (app: AppContext, tx: Tx<MainSchema>, gauges: readonly Gauge[]) => Promise<void>

export interface Settings {
  /** The address people reach this installation under; no slash at the end. */
  publicUrl: string
  /** Nobody set it: it is derived from where the process listens. */
  publicUrlIsGuess?: boolean
  /** Whether strangers may sign up, or only people with an invitation. */
  signUp: 'open' | 'invited'
  /** Whether nobody gets anywhere without a second factor; each workspace may ask for it by itself. */
  secondFactorRequired?: boolean
}

/** What every service may use. The databases are not among it: they are reached through `read` and `write` only. */
export interface AppContext {
  /** What the areas contribute. */
  readonly areas: Areas
  readonly clock: Clock
  readonly ids: Ids
  readonly keys: Keys
  readonly blobs: CollectableBlobs
  readonly events: Events
  readonly log: Log
  readonly settings: Settings
  readonly quota: QuotaCheck
  readonly signIn: SignIn
  /** Null where no mail server is set: then links are shown to who made them. */
  readonly mailer: Mailer | null
}

const storesByApp = new WeakMap<AppContext, Stores>()

/** Ties an app to its databases. Called once, by `createAppContext`. */
export function attachStores(app: AppContext, stores: Stores): AppContext {
  storesByApp.set(app, stores)
  return app
}

/** The databases of an app. For `core/`, `sign-in/` and the process around the app; services use `read` and `write`. */
export function storesOf(app: AppContext): Stores {
  const stores = storesByApp.get(app)
  if (!stores) throw new Error('This app has no databases: create it with createAppContext.')
  return stores
}
