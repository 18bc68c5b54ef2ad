import type { ColumnType } from 'kysely'

/** Tables of metering: what was used, by whom, and how much may be. */
export interface MeteringTables {
  quota_type: QuotaTypeTable
  quota_plan: QuotaPlanTable
  quota_catalogue: QuotaCatalogueTable
  quota_account: QuotaAccountTable
  quota_assignment: QuotaAssignmentTable
  quota_override: QuotaOverrideTable
  quota_counter: QuotaCounterTable
  quota_alert: QuotaAlertTable
  restriction: RestrictionTable
}

/**
 * A whole number of 64 bits in the type's unit. Written as a bigint; read as text (`exact`), since both drivers would
 * round what is beyond 2^53.
 */
export type Amount = ColumnType<never, bigint, bigint>

export type QuotaScope = 'account' | 'workspace' | 'bot'

/** A type that the operator added to those of the contract and of Steward. */
export interface QuotaTypeTable {
  name: string
  kind: 'counter' | 'gauge' | 'maximum'
  unit: string
  title: string
  /** 1 where reaching the limit is final: it cannot be raised by asking. */
  hard: 0 | 1
  created_at: string
}

/** A version of a plan; never changed. */
export interface QuotaPlanTable {
  id: string
  name: string
  version: number
  title: string
  /** The plan of the contract that is shown for it. */
  contract_plan: string
  /** JSON: limits by scope and type, as decimal text; null is unlimited. */
  limits: string
  /** 1 once the catalogue no longer has it: accounts stay on it, and none is moved to it. */
  retired: 0 | 1
  created_by: string | null
  created_at: string
}

/** What holds for the whole catalogue: one row, with an empty key. */
export interface QuotaCatalogueTable {
  id: ''
  /** The plan of accounts that have none of their own, by its name; null: nothing is limited for them. */
  default_plan: string | null
  updated_by: string | null
  updated_at: string
}

/** One row per account that used anything; held while something is admitted, taken to change what limits it. */
export interface QuotaAccountTable {
  /** '' for what limits all of them: the default plan. */
  account_id: string
  /** Counts the changes of its limits. */
  version: number
}

/** Which plan an account is on; the newest row that has begun is in force. */
export interface QuotaAssignmentTable {
  id: string
  account_id: string
  /** Null: without a plan of its own. */
  plan_id: string | null
  effective_at: string
  reason: string
  created_by: string | null
  created_at: string
}

/** A limit that stands instead of the plan's for a time. */
export interface QuotaOverrideTable {
  id: string
  account_id: string
  scope: QuotaScope
  scope_id: string
  type: string
  /** Null: unlimited. */
  value: ColumnType<never, bigint | null, never>
  effective_at: string
  ends_at: string | null
  reason: string
  /** Who set it: the operator, or the customer for what they may set themselves. */
  origin: 'operator' | 'customer'
  created_by: string | null
  created_at: string
  /** When somebody ended it before its time. */
  revoked_at: string | null
  revoked_by: string | null
}

/** What is used of a type in a scope: in a UTC month ('2026-12'), or now ('') for gauges. */
export interface QuotaCounterTable {
  scope: QuotaScope
  scope_id: string
  type: string
  period: string
  /** What it is in: the workspace of a bot, the account of a workspace; '' of an account. */
  parent_id: string
  used: Amount
  /** Held by reservations that are open. */
  reserved: Amount
}

/** A threshold that was crossed: one row, so one notice, for each limit in force and period. */
export interface QuotaAlertTable {
  id: string
  account_id: string
  workspace_id: string | null
  scope: QuotaScope
  scope_id: string
  type: string
  /** The UTC month, for gauges as well. */
  period: string
  /** Percent: 50, 80 or 100. */
  threshold: number
  /** The notice that says it too, where usage jumped over several at once. */
  part_of: string | null
  limit_value: Amount
  used: Amount
  at: string
}

/** Why a workspace is blocked. */
export interface RestrictionTable {
  workspace_id: string
  reason: string
  origin: 'operator' | 'billing'
  created_by: string | null
  created_at: string
}
