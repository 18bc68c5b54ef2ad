import type { Migration } from '../migrate.ts'
import { migration as house } from './0001_house.ts'
import { migration as botSearch } from './0002_bot_search.ts'
import { migration as signingKey } from './0003_signing_key.ts'
import { migration as identity } from './0004_identity.ts'
import { migration as recovery } from './0005_recovery.ts'
import { migration as installation } from './0006_installation.ts'
import { migration as mailCount } from './0007_mail_count.ts'

/** Every step of the main store's schema, in order. Append only. */
export const mainMigrations: readonly Migration[] = [
  house,
  botSearch,
  signingKey,
  identity,
  recovery,
  installation,
  mailCount,
]

/** Every step of the telemetry store's schema, in order. Append only. */
export const telemetryMigrations: readonly Migration[] = []
