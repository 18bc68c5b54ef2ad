import type { Migration } from '../migrate.ts'
import { migration as core } from './0001_core.ts'
import { migration as audit } from './0002_audit.ts'
import { migration as people } from './0003_people.ts'
import { migration as bots } from './0004_bots.ts'
import { migration as rateCount } from './0005_rate_count.ts'
import { migration as metering } from './0006_metering.ts'

/** Every step of the main store's schema, in order. Append only: a step that was released is frozen. */
export const mainMigrations: readonly Migration[] = [core, audit, people, bots, rateCount, metering]

/** Every step of the telemetry store's schema, in order. Append only. */
export const telemetryMigrations: readonly Migration[] = []
