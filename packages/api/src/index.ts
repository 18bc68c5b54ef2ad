import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from './root.ts'

export type { AppRouter } from './root.ts'
export type { ErrorEnvelope, ErrorType } from './core/errors.ts'
/** Kinds of what changes, as live screens and the audit trail name them. */
export type { ChangeType } from './core/write/change-types.schema.ts'
/** What somebody may: a line of the permission table. */
export type { Permission } from './core/access/rule.ts'

/** What each procedure takes: `RouterInputs['bot']['get']`. */
export type RouterInputs = inferRouterInputs<AppRouter>
/** What each procedure answers. */
export type RouterOutputs = inferRouterOutputs<AppRouter>
