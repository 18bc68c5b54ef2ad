/*
 * Every shape by its concept, for forms, other programs and the OpenAPI document. Runs in a browser: zod and nothing
 * else. Concepts use the same words for different things, so each keeps a namespace of its own.
 */
export * as account from './account/account.schema.ts'
export * as move from './account/move.schema.ts'
export * as audit from './audit/audit.schema.ts'
export * as auditTrail from './audit/trail.schema.ts'
export * as bot from './bot/bot.schema.ts'
export * as definition from './bot/definition.schema.ts'
export * as installation from './bot/installation.schema.ts'
export * as auditActions from './core/audit-actions.schema.ts'
export * as roles from './core/roles.schema.ts'
export * as shapes from './core/shapes.schema.ts'
export * as invitation from './member/invitation.schema.ts'
export * as me from './me/me.schema.ts'
export * as member from './member/member.schema.ts'
export * as rights from './member/rights.schema.ts'
export * as session from './me/session.schema.ts'
export * as setup from './setup/setup.schema.ts'
export * as signUp from './me/sign-up.schema.ts'
export * as version from './version/version.schema.ts'
export * as botJson from './version/bot-json.schema.ts'
export * as workspace from './workspace/workspace.schema.ts'
