import type { IdPrefixes } from './id.ts'
import type { ChangeType } from './write/change-types.schema.ts'
import type { Credential } from './access/credential.ts'
import type { Question, Resources } from './access/resource.ts'
import type { KeyScope, Permission, Rule } from './access/rule.ts'
import type { AppContext, Gauge, Gauges, QuotaCheck } from './app-context.ts'
import type { Context, Db, MainTx, WorkspaceContext } from './context.ts'
import type { SealedColumn } from './sealed.ts'
import type { Committed } from './write/events.ts'
import type { Handler, Timer } from './write/outbox.ts'
import type { Change, OutboxMessage, Topic } from './write/write.ts'

/*
 * What an area adds to the whole. Core and transport know no area: whatever they need of one stands in its `area.ts`,
 * and `root.ts` puts the areas together. Types that all areas share are open interfaces, to which each adds its own by
 * `declare module`: `Permissions`, `Scopes`, `Target`, `ChangeTypes`, `Topics`, `Gauges`, `LifecycleEvents`, `JobOptions`.
 */

export interface Sweep {
  /** What ended before this time goes. ISO 8601. */
  before: string
  /** Rows to delete at most: the write lane is everybody's. */
  limit: number
}

/** What runs out, and is deleted then. */
export interface Retention {
  /** What it is, in words and in the plural: "sessions". */
  what: string
  /** Milliseconds that it is kept after its end; 0 by default. */
  kept?: number
  /** Deletes a batch of what ended before then. @returns how many rows were looked at; fewer than `limit` ends it. */
  sweep: (app: AppContext, sweep: Sweep) => Promise<number>
}

/** What background work is started with; an area adds its own settings by `declare module`. */
export interface JobOptions {
  timer?: Timer
}

/** How messages of a topic are handled after the commit that promised them. */
export interface TopicHandling {
  /** Made once per process. */
  handler: (app: AppContext, options: JobOptions) => Handler
  /** Waits for machines elsewhere: it gets a dispatcher of its own, so that nothing else waits behind it. */
  slow?: true
}

/** Work that a process does in the background; one piece after another, and what fails is logged. */
export interface RunningJob {
  name: string
  /** Every hour, beginning with the start. */
  hourly?: () => Promise<void>
  /** Whether a commit of this process asks for `run`. */
  isDue?: (committed: Committed) => boolean
  run?: (committed: Committed) => Promise<void>
}

/** Made once per process. */
export type Job = (app: AppContext, options: JobOptions) => RunningJob

/** How a kind of change is reported to followers of a lane. */
export interface ChangeHandling {
  /** Its id is sent only to roles that have this permission: others may not even know what is there. */
  idFor?: Permission
  /** What things of this kind are called, by id, for areas that know no more; without those that the viewer does not see. */
  labels?: (db: Db, viewer: WorkspaceContext, ids: readonly string[]) => Promise<ReadonlyMap<string, Label>>
}

/** What a thing is called today, and where the console shows it. */
export interface Label {
  name: string
  /** Such as `/w/wkspace_1/bots/bot_1/overview`. */
  path: string
  search?: Readonly<Record<string, string>>
}

/**
 * What happens to things that others hang on, and what is told of it; an area adds the events of its own things by
 * `declare module`.
 */
// eslint-disable-next-line typescript/no-empty-object-type -- filled by the areas
export interface LifecycleEvents {}

/** What follows from an event, for the write that it happens in. */
export interface Consequences {
  changes?: Change[]
  outbox?: OutboxMessage[]
  /** Lanes of the write that end with it: all that was in them is deleted. */
  ends?: string[]
  /** How much more or less there is of what quotas count. */
  gauges?: Gauge[]
}

/** What an area does when something ends, moves or changes hands: in the transaction in which it happens. */
export type Lifecycle = {
  readonly [E in keyof LifecycleEvents]?: (tx: MainTx, event: LifecycleEvents[E]) => Promise<Consequences | void>
}

/** Asked of every call that needs a credential, before its own rule. @throws to refuse it. */
export type Gate = (ctx: Context, db: Db, question: Question) => Promise<void>

/** How many things of one kind there are in a workspace, counted in the table itself; by bot where bots have them. */
export type CountGauge = (db: Db, workspaceId: string) => Promise<readonly { botId: string | null; count: number }[]>

export interface Area {
  /** Prefixes of the ids of its things, by what they name. */
  readonly ids?: Partial<IdPrefixes>
  readonly permissions?: Readonly<Record<string, Rule>>
  /** By scope. */
  readonly resources?: Partial<Resources>
  readonly credentials?: readonly Credential[]
  readonly gates?: readonly Gate[]
  readonly changes?: Partial<Readonly<Record<ChangeType, ChangeHandling>>>
  readonly topics?: Partial<Readonly<Record<Topic, TopicHandling>>>
  readonly retention?: readonly Retention[]
  readonly jobs?: readonly Job[]
  readonly sealed?: readonly SealedColumn[]
  readonly lifecycle?: Lifecycle
  /** How what quotas count is counted again, by the gauge: what each change has added up to must come to the same. */
  readonly gauges?: Partial<Readonly<Record<keyof Gauges, CountGauge>>>
  /** What bounds gauges; one area has it. */
  readonly quota?: QuotaCheck
  /** Whether a workspace holds anything of this area, and so is not to be taken for an empty one. */
  readonly isInUse?: (db: Db, workspaceId: string) => Promise<boolean>
}

/** All areas together. */
export interface Areas {
  readonly ids: IdPrefixes
  readonly permissions: Readonly<Record<Permission, Rule>>
  /** Every scope that a key can carry. */
  readonly keyScopes: readonly KeyScope[]
  readonly resources: Resources
  readonly credentials: readonly Credential[]
  readonly gates: readonly Gate[]
  readonly changes: Readonly<Record<ChangeType, ChangeHandling>>
  readonly topics: Readonly<Record<Topic, TopicHandling>>
  readonly retention: readonly Retention[]
  readonly jobs: readonly Job[]
  readonly sealed: readonly SealedColumn[]
  /** From the right to the left: what hangs on something goes before it. */
  readonly lifecycle: readonly Lifecycle[]
  readonly gauges: Readonly<Record<keyof Gauges, CountGauge>>
  readonly quota: QuotaCheck
  readonly isInUse: readonly NonNullable<Area['isInUse']>[]
}

/**
 * Puts areas together, from left to right.
 * @throws Error when two of them contribute something under one name.
 */
export function composeAreas(areas: readonly Area[]): Areas {
  const permissions = merged('permissions', areas) as Areas['permissions']
  return {
    ids: merged('ids', areas) as IdPrefixes,
    permissions,
    keyScopes: keyScopesOf(Object.values(permissions)),
    resources: merged('resources', areas) as unknown as Resources,
    credentials: areas.flatMap((area) => area.credentials ?? []),
    gates: areas.flatMap((area) => area.gates ?? []),
    changes: merged('changes', areas) as Areas['changes'],
    topics: merged('topics', areas) as Areas['topics'],
    retention: areas.flatMap((area) => area.retention ?? []),
    jobs: areas.flatMap((area) => area.jobs ?? []),
    sealed: areas.toReversed().flatMap((area) => area.sealed ?? []),
    lifecycle: areas.flatMap((area) => area.lifecycle ?? []).toReversed(),
    gauges: merged('gauges', areas) as Areas['gauges'],
    quota: areas.find((area) => area.quota)?.quota ?? (async () => {}),
    isInUse: areas.flatMap((area) => area.isInUse ?? []),
  }
}

type Table = 'ids' | 'permissions' | 'resources' | 'changes' | 'topics' | 'gauges'

function merged(table: Table, areas: readonly Area[]): Readonly<Record<string, unknown>> {
  const all: Record<string, unknown> = {}
  for (const area of areas)
    for (const [name, value] of Object.entries(area[table] ?? {})) {
      if (Object.hasOwn(all, name)) throw new Error(`Two areas contribute "${name}" to the ${table}.`)
      all[name] = value
    }
  return all
}

/** Both scopes of everything that some rule asks a scope for. */
function keyScopesOf(rules: readonly Rule[]): KeyScope[] {
  const names = new Set(rules.flatMap(({ key }) => (key === null ? [] : [key.replace(/:(read|write)$/, '')])))
  return [...names].flatMap((name): KeyScope[] => [`${name}:read`, `${name}:write`])
}
