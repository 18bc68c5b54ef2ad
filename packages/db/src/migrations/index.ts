import type { Migration } from '../migrate.ts'
import { migration as house } from './0001_house.ts'

/** Every step of the main store's schema, in order. Append only. */
export const mainMigrations: readonly Migration[] = [house]

/** Every step of the telemetry store's schema, in order. Append only. */
export const telemetryMigrations: readonly Migration[] = []
