import { account, any, billing, self, viewer, workspace } from '../core/access/rule.ts'
import type { Rule } from '../core/access/rule.ts'

/** Who may see and change what is limited. What says "any" is for operators: the services ask for that. */
export const permissions = {
  'quota.get': workspace(viewer, 'quota:read'),
  'quota.listOfContract': workspace(viewer, 'quota:read'),
  'quota.list': workspace(viewer, 'quota:read'),
  'quota.listCompletions': self('quota:read'),
  'quota.listOfAccount': account('quota:read'),
  'quota.listAlerts': workspace(viewer, 'quota:read'),
  'quota.block': any('quota:write'),
  'quota.unblock': any('quota:write'),
  'quota.setAiSpend': workspace(billing, 'quota:write'),
  'quota.getCatalogue': any('quota:read'),
  'quota.applyCatalogue': any('quota:write'),
  'quota.assignPlan': any('quota:write'),
  'quota.setOverride': any('quota:write'),
  'quota.endOverride': any('quota:write'),
  'quota.listRules': any('quota:read'),
} as const satisfies Record<string, Rule>

type Table = typeof permissions
declare module '../core/access/rule.ts' {
  interface Permissions extends Table {}
}
