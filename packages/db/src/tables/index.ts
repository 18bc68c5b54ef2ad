import type { AuditTables } from './audit.ts'
import type { BotsTables } from './bots.ts'
import type { CoreTables } from './core.ts'
import type { MeteringTables } from './metering.ts'
import type { PeopleTables } from './people.ts'

/** The main store: everything that must agree. */
export interface MainSchema extends CoreTables, AuditTables, PeopleTables, MeteringTables, BotsTables {}

/** The telemetry store: high-volume records with their own retention. Nothing lives here yet. */
// eslint-disable-next-line typescript/no-empty-object-type
export interface TelemetrySchema {}

export type * from './audit.ts'
export type * from './bots.ts'
export type * from './core.ts'
export type * from './metering.ts'
export type * from './people.ts'
