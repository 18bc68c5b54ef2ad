import type { Stores } from '@steward/db'
import { createBlobs } from './core/blob/blob-stores.ts'
import type { Clock } from './core/clock.ts'
import { systemClock } from './core/clock.ts'
import { createEvents } from './core/write/events.ts'
import type { AppContext, Log, QuotaCheck, Settings } from './core/app-context.ts'
import { attachStores, silentLog } from './core/app-context.ts'
import type { Ids } from './core/id.ts'
import { systemIds } from './core/id.ts'
import type { Mailer } from './core/mail/mail.ts'
import { makeKeys } from './core/secrets.ts'
import type { AppRouter } from './root.ts'
import { appRouter, areas } from './root.ts'
import * as schemas from './schema.ts'
import type { SignInOptions } from './people/sign-in/sign-in.ts'
import { createSignIn } from './people/lifecycle/create-sign-in.ts'
import type { Api, EndpointOptions } from './transport/api.ts'
import { createEndpoints } from './transport/api.ts'
import { namedShapes } from './transport/shapes.ts'
import { downloadPath, readVersionDownload } from './bots/version/version-download.service.ts'

export { checkpointLane, checkpointMovedLanes } from './audit/checkpoint.service.ts'
export { isSecretOf, takeSigningKey, WrongKey } from './audit/signing-key.service.ts'
export { fileCheckpointSink, readCheckpointFile, type CheckpointSink } from './audit/checkpoint-sink.ts'
export { verifyAll, verifyChain } from './audit/verify.service.ts'
export { systemContext } from './core/access/access.ts'
export { plainAddress } from './core/address.ts'
export type { BlobStore } from './core/blob/blob.ts'
export { DamagedBlob, isHash } from './core/blob/blob-bytes.ts'
export { folderBlobs, installationFileName, syncFolder } from './core/blob/blob-folder.ts'
export { countUnnamed } from './core/blob/blob-write.ts'
export { type Clock, systemClock } from './core/clock.ts'
export type { Actor, Context, RequestInfo } from './core/context.ts'
export { createCleaner } from './core/log-line.ts'
export { ApiError, type ErrorEnvelope, type ErrorType } from './core/errors.ts'
export { type AppContext, type Log, type Settings, silentLog, storesOf } from './core/app-context.ts'
export { type Ids, systemIds } from './core/id.ts'
export {
  blobsState,
  BlobsMismatch,
  installationOf,
  mayCollect,
  mismatchOf,
  takeInstallation,
} from './core/installation/installation.ts'
export { type Mail, type Mailer, MailRefused } from './core/mail/mail.ts'
export { firstOperator, hasPeople, localActor, personOfEmail } from './people/me/local-person.service.ts'
export { removeStaleInvitations } from './people/member/invitation.upkeep.ts'
export { appRouter, type AppRouter } from './root.ts'
export {
  acceptKey,
  NotAllOpens,
  replaceKey,
  tryReplaceKey,
  type KeyAccepted,
  type KeyProgress,
  type KeyReplacement,
} from './people/lifecycle/new-key.service.ts'
export type { SealedAnew } from './core/sealed.ts'
export { makeRecoveryLink } from './people/recovery/recovery.service.ts'
export { createOwner, prepareFirstRun, type FirstRun, type OwnerMade } from './people/lifecycle/setup.service.ts'
export type { OidcProvider, SignInOptions } from './people/sign-in/sign-in.ts'
export type { Api, EndpointOptions } from './transport/api.ts'
export { guardsOf } from './transport/guards.ts'
export {
  CallerGone,
  fromRequest,
  toResponse,
  type Incoming,
  type Outgoing,
  type Reading,
} from './transport/incoming.ts'
export { createSharedRateLimiter } from './core/rate-limit/shared-rate-limit.ts'
export { createRateLimiter, type Allowance, type RateLimit, type RateLimiter } from './core/rate-limit/rate-limit.ts'
export { toEnvelope } from './core/errors.ts'
export { recountGauges, type WrongGauge } from './metering/quota/recount.ts'
export { startJobs, type JobOptions, type Jobs } from './jobs.ts'
export { secretPurpose, signingPurpose } from './bots/bot/bot.secrets.ts'
export { proceduresOf, type Served } from './transport/procedures.ts'

export interface AppContextOptions {
  /** Migrated stores; the app does not close them. */
  stores: Stores
  /** At least 32 random bytes that stay the same for the life of the installation. */
  secret: Uint8Array
  settings: Settings
  log?: Log
  clock?: Clock
  ids?: Ids
  /** Nothing is bounded without one. */
  quota?: QuotaCheck
  /** Where large bodies lie; without one they lie in the database. */
  blobFolder?: string
  signIn?: SignInOptions
  /** None sends nothing; links are shown to who made them. */
  mailer?: Mailer
}

/** Puts the parts of an app together. @throws Error for a secret that is too short. */
export async function createAppContext(options: AppContextOptions): Promise<AppContext> {
  const { stores, secret, settings } = options
  if (secret.byteLength < 32) throw new Error('The secret needs at least 32 bytes.')
  const clock = options.clock ?? systemClock
  const ids = options.ids ?? systemIds(clock, areas.ids)
  const app: AppContext = {
    areas,
    clock,
    ids,
    keys: makeKeys(secret, ids),
    blobs: await createBlobs(stores, { clock, folder: options.blobFolder }),
    events: createEvents(),
    log: options.log ?? silentLog,
    settings: { ...settings, publicUrl: settings.publicUrl.replace(/\/+$/, '') },
    quota: options.quota ?? areas.quota,
    signIn: createSignIn(() => app, options.signIn),
    mailer: options.mailer ?? null,
  }
  return attachStores(app, stores)
}

export type ApiOptions = Omit<EndpointOptions, 'downloads' | 'shapes'>

/** The whole server without a socket: all endpoints in front of the app's procedures. */
export function createApi(app: AppContext, options: ApiOptions = {}): Api<AppRouter> {
  return createEndpoints(app, appRouter, {
    ...options,
    downloads: { [downloadPath]: readVersionDownload },
    shapes: namedShapes(schemas),
  })
}
