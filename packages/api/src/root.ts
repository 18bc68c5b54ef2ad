import { accountRouter } from './account/account.router.ts'
import { auditRouter } from './audit/audit.router.ts'
import { botRouter } from './bot/bot.router.ts'
import { router } from './core/trpc.ts'
import { meRouter } from './me/me.router.ts'
import { memberRouter } from './member/member.router.ts'
import { recoveryRouter } from './recovery/recovery.router.ts'
import { setupRouter } from './setup/setup.router.ts'
import { versionRouter } from './version/version.router.ts'
import { workspaceRouter } from './workspace/workspace.router.ts'

/** Everything Steward can do. A procedure's path is its permission. */
export const appRouter = router({
  setup: setupRouter,
  me: meRouter,
  account: accountRouter,
  workspace: workspaceRouter,
  member: memberRouter,
  recovery: recoveryRouter,
  bot: botRouter,
  version: versionRouter,
  audit: auditRouter,
})

export type AppRouter = typeof appRouter
