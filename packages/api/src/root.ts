import { accountRouter } from './people/account.router.ts'
import { auditRouter } from './audit/audit.router.ts'
import { botRouter } from './bots/bot.router.ts'
import { router } from './core/procedure/trpc.ts'
import { meRouter } from './people/me.router.ts'
import { memberRouter } from './people/member.router.ts'
import { recoveryRouter } from './people/recovery.router.ts'
import { setupRouter } from './people/setup.router.ts'
import { versionRouter } from './bots/version.router.ts'
import { workspaceRouter } from './people/workspace.router.ts'

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
