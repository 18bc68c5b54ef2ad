// `@steward/api/testing`: what suites outside of this package need of its inside. Programs import `@steward/api/server`.
export { verifyAll } from './audit/verify.service.ts'
export { secretPurpose, signingPurpose } from './bots/bot/bot.secrets.ts'
// What areas add to the types of core by declare module.
import './bots/content/bot.context.ts'
export { documentText, emptyDocument } from './bots/content/bot.document.ts'
export { contentHash } from './bots/version/version-content.ts'
export { keyAllows, roles, type KeyScope, type Permission, type Role, type Rule } from './core/access/rule.ts'
export { storesOf, type AppContext, type Log } from './core/app-context.ts'
export * from './core/app.testing.ts'
export { day, iso, minute } from './core/clock.ts'
export type { MainTx } from './core/context.ts'
export type { JsonSchema } from './core/contract-compare.ts'
export { errorStatus, type ErrorEnvelope, type ErrorType } from './core/errors.ts'
export { systemIds } from './core/id.ts'
export { mintToken, sha256 } from './core/secrets.ts'
export { recountGauges } from './metering/quota/recount.ts'
export { startProvider } from './people/sign-in/provider.testing.ts'
export { appRouter, areas, type AppRouter } from './root.ts'
export { createApi, createAppContext } from './server.ts'
export { printInput } from './transport/fields.ts'
export { tooLarge, type Incoming } from './transport/incoming.ts'
export { proceduresOf, type Served } from './transport/procedures.ts'
export { routesOf, type Field, type Route } from './transport/rest.ts'

/** The contract's own document. */
export const referenceDocument = new URL('../reference/admin-api.openapi.json', import.meta.url)
