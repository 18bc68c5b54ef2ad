/*
 * What usage is counted in and limited by: the types of the contract, Steward's own, and those that an operator adds. Runs
 * in a browser.
 */

/**
 * `counter` adds up within a UTC month; `gauge` is how much there is now; `maximum` bounds each single thing; `rate`
 * bounds requests per second.
 */
export type QuotaKind = 'counter' | 'gauge' | 'maximum' | 'rate'

/** From the outside in: the order in which scopes are asked, and their rows locked. */
export const quotaScopes = ['account', 'workspace', 'bot'] as const
export type QuotaScope = (typeof quotaScopes)[number]

export interface QuotaType {
  readonly name: string
  readonly kind: QuotaKind
  /** What one of it is. Money is in nano-dollars: 1,000,000,000 are one US dollar. */
  readonly unit: Unit | (string & {})
  /** In words, in the plural: "Bots". */
  readonly title: string
  /** Where limits can be set, and usage is counted. */
  readonly scopes: readonly QuotaScope[]
  /** Nobody can raise it by asking: refused as LimitExceeded, not as QuotaExceeded. */
  readonly isHard: boolean
}

export type Unit = 'count' | 'bytes' | 'nanodollars' | 'milliseconds' | 'per second'

const everywhere = quotaScopes
const above = ['account', 'workspace'] as const
const inWorkspaces = ['workspace'] as const

type Line = readonly [name: string, title: string, kind: QuotaKind, unit: Unit, scopes: readonly QuotaScope[]]

/** The contract's, in its order (reference 3). */
const ofContract: readonly Line[] = [
  ['invocation_timeout', 'Time of one invocation', 'maximum', 'milliseconds', everywhere],
  ['invocation_calls', 'Incoming messages and events', 'counter', 'count', everywhere],
  ['storage_count', 'File storage', 'gauge', 'bytes', everywhere],
  ['bot_count', 'Bots', 'gauge', 'count', above],
  ['knowledgebase_vector_storage', 'Vector storage', 'gauge', 'bytes', everywhere],
  ['workspace_ratelimit', 'API requests per second', 'rate', 'per second', inWorkspaces],
  ['table_row_count', 'Table rows', 'gauge', 'count', everywhere],
  ['workspace_member_count', 'Members', 'gauge', 'count', above],
  ['integrations_owned_count', 'Own integrations', 'gauge', 'count', above],
  ['ai_spend', 'AI spend', 'counter', 'nanodollars', everywhere],
  ['openai_spend', 'OpenAI spend', 'counter', 'nanodollars', everywhere],
  ['bing_search_spend', 'Bing search spend', 'counter', 'nanodollars', everywhere],
  ['always_alive', 'Always-alive bots', 'gauge', 'count', above],
  ['indexed_file_count', 'Indexed files', 'gauge', 'count', everywhere],
  ['file_max_size_bytes', 'Size of one file', 'maximum', 'bytes', everywhere],
]

/** Steward's own. */
const ours: readonly Line[] = [
  ['table_count', 'Tables', 'gauge', 'count', everywhere],
  ['billable_action_calls', 'Billable action calls', 'counter', 'count', everywhere],
  ['log_bytes', 'Log volume', 'counter', 'bytes', everywhere],
  ['api_requests', 'API requests', 'counter', 'count', above],
  ['saved_versions', 'Saved versions', 'gauge', 'count', everywhere],
  ['api_key_count', 'API keys', 'gauge', 'count', everywhere],
]

const built = ([name, title, kind, unit, scopes]: Line): QuotaType => ({
  name,
  title,
  kind,
  unit,
  scopes,
  isHard: kind === 'maximum',
})

export const contractQuotaTypes: readonly QuotaType[] = ofContract.map(built)
export const builtInQuotaTypes: readonly QuotaType[] = [...contractQuotaTypes, ...ours.map(built)]

const byName = new Map(builtInQuotaTypes.map((type) => [type.name, type]))

export const builtInQuotaType = (name: string): QuotaType | undefined => byName.get(name)

export const isMonthly = ({ kind }: Pick<QuotaType, 'kind'>): boolean => kind === 'counter'

/** The largest amount that is kept anywhere: 2^63 - 1. */
export const maxAmount = 2n ** 63n - 1n

const grouped = new Intl.NumberFormat('en-US')
const precise = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 })
const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** An amount in words, such as "5 MB" or "$8.03". */
export function amountText({ unit }: Pick<QuotaType, 'unit'>, amount: bigint): string {
  switch (unit) {
    case 'count':
      return grouped.format(amount)
    case 'bytes':
      return bytesText(amount)
    case 'nanodollars':
      return dollarsText(amount)
    case 'milliseconds':
      return amount % 1000n === 0n ? `${grouped.format(amount / 1000n)} s` : `${grouped.format(amount)} ms`
    case 'per second':
      return `${grouped.format(amount)} per second`
    default:
      return `${grouped.format(amount)} ${unit}`
  }
}

function bytesText(bytes: bigint): string {
  let size = Number(bytes)
  let at = 0
  while (size >= 1000 && at < byteUnits.length - 1) {
    size /= 1000
    at += 1
  }
  return `${precise.format(size)} ${byteUnits[at] ?? 'B'}`
}

/** At least two decimals, and as many as there are. */
function dollarsText(nano: bigint): string {
  const sign = nano < 0n ? '-' : ''
  const digits = String(nano < 0n ? -nano : nano).padStart(10, '0')
  const fraction = digits.slice(-9).replace(/0+$/, '').padEnd(2, '0')
  return `${sign}$${grouped.format(BigInt(digits.slice(0, -9)))}.${fraction}`
}
