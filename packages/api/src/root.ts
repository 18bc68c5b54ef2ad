import { accountRouter } from './people/account.router.ts'
import { auditArea } from './audit/audit.area.ts'
import { auditRouter } from './audit/audit.router.ts'
import { botsArea } from './bots/bots.area.ts'
import { botRouter } from './bots/bot.router.ts'
import { composeAreas } from './core/area.ts'
import { coreArea } from './core.area.ts'
import { router } from './core/procedure/trpc.ts'
import { meteringArea } from './metering/metering.area.ts'
import { quotaRouter } from './metering/quota.router.ts'
import { meRouter } from './people/me.router.ts'
import { memberRouter } from './people/member.router.ts'
import { peopleArea } from './people/people.area.ts'
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
  quota: quotaRouter,
})

export type AppRouter = typeof appRouter

/** What the areas contribute, from left to right. */
export const areas = composeAreas([coreArea, auditArea, peopleArea, meteringArea, botsArea])

// So that the types that the areas add to core are known wherever these are imported.
import './audit/audit.area.ts'
import './audit/audit.permissions.ts'
import './people/people.area.ts'
import './people/people.permissions.ts'
import './metering/metering.area.ts'
import './metering/metering.permissions.ts'
import './bots/bots.area.ts'
import './bots/bots.permissions.ts'
