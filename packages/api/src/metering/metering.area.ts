import type { Area } from '../core/area.ts'
import type { Gauge } from '../core/app-context.ts'
import {
  forgetAccount,
  forgetWorkspace,
  gaugesOfBot,
  gaugesOfWorkspace,
  moveBotCounters,
  forgetBot,
} from './quota/lifecycle.ts'
import { moveCounters } from './quota/counter.queries.ts'
import { showPlanOf } from './quota/shown-plan.ts'
import { moveGauges } from './quota/gauge.ts'
import { permissions } from './metering.permissions.ts'

declare module '../core/write/change-types.schema.ts' {
  interface ChangeTypes {
    quota: true
    quotaCatalogue: true
  }
}

declare module '../core/id.ts' {
  interface IdKinds {
    quotaPlan: true
    quotaAssignment: true
    quotaOverride: true
    quotaAlert: true
  }
}

const fewer = (gauge: Gauge): Gauge => ({ ...gauge, delta: -gauge.delta })

export const meteringArea: Area = {
  ids: { quotaPlan: 'plan', quotaAssignment: 'planasgn', quotaOverride: 'quota', quotaAlert: 'qalert' },
  permissions,
  changes: { quota: {}, quotaCatalogue: {} },
  quota: moveGauges,
  lifecycle: {
    workspaceCreated: (tx, { workspaceId, accountId }) => showPlanOf(tx, { workspaceId, accountId }),
    botDeleted: async (tx, { workspaceId, botId }) => {
      const gauges = await gaugesOfBot(tx, { botId, in: { workspaceId } })
      await forgetBot(tx, botId)
      return { gauges: gauges.map(fewer) }
    },
    botTransferred: async (tx, { botId, fromWorkspaceId, toWorkspaceId }) => {
      const there = await gaugesOfBot(tx, { botId, in: { workspaceId: toWorkspaceId } })
      const here = there.map((gauge) => fewer({ ...gauge, in: { workspaceId: fromWorkspaceId } }))
      await moveBotCounters(tx, { botId, toWorkspaceId })
      return { gauges: [...here, ...there] }
    },
    workspaceTransferred: async (tx, { workspaceId, fromAccountId, toAccountId }) => {
      const there = await gaugesOfWorkspace(tx, { workspaceId, in: { accountId: toAccountId } })
      await moveCounters(tx, { scope: 'workspace', scopeId: workspaceId, to: toAccountId })
      await showPlanOf(tx, { workspaceId, accountId: toAccountId })
      return { gauges: [...there.map((gauge) => fewer({ ...gauge, in: { accountId: fromAccountId } })), ...there] }
    },
    workspaceDeleted: async (tx, { workspaceId }) => {
      const gauges = await gaugesOfWorkspace(tx, { workspaceId })
      await forgetWorkspace(tx, workspaceId)
      return { gauges: gauges.map(fewer) }
    },
    accountDeleted: (tx, { accountId }) => forgetAccount(tx, accountId),
  },
}
