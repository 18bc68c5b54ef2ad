import { ApiError } from '../../core/errors.ts'
import type { CounterKey } from './counter.queries.ts'
import type { LimitInForce } from './limits.ts'
import { endOfMonth } from './period.ts'
import type { QuotaScope, QuotaType } from './quota-type.schema.ts'
import { amountText } from './quota-type.schema.ts'

interface Exceeded {
  type: QuotaType
  key: CounterKey
  amount: bigint
  used: bigint
  reserved: bigint
  limit: LimitInForce
}

const whose: Readonly<Record<QuotaScope, string>> = {
  account: 'The account',
  workspace: 'The workspace',
  bot: 'The bot',
}

/** Who can raise a limit: what a customer set themselves they can set anew, all else is the operator's. */
export function raisedBy({ source }: LimitInForce): 'operator' | 'customer' {
  return source.kind === 'override' && source.override.origin === 'customer' ? 'customer' : 'operator'
}

/** A claim that a limit refuses: QuotaExceeded, or LimitExceeded where nobody can raise it. */
export function exceeded({ type, key, amount, used, reserved, limit }: Exceeded): ApiError {
  const value = limit.value ?? 0n
  const text = (of: bigint): string => amountText(type, of)
  const resetsAt = key.period === '' ? null : endOfMonth(key.period)
  const held = reserved > 0n ? ` and ${text(reserved)} reserved` : ''
  const until = resetsAt === null ? '' : ` until ${resetsAt}`
  return new ApiError(
    type.isHard ? 'LimitExceeded' : 'QuotaExceeded',
    `${whose[key.scope]} has reached its limit for "${type.title}"${until}: ${text(used)} of ${text(value)} used${held}, ${text(amount)} more requested.`,
    {
      type: type.name,
      scope: key.scope,
      scopeId: key.scopeId,
      limit: String(value),
      used: String(used),
      reserved: String(reserved),
      requested: String(amount),
      unit: type.unit,
      resetsAt,
      raisedBy: raisedBy(limit),
    },
  )
}

export function paymentRequired(workspaceId: string): ApiError {
  return new ApiError(
    'PaymentRequired',
    'This workspace is blocked. What is there can be read, changed and deleted; nothing can be added or run.',
    { workspaceId },
  )
}
