import { manager, owner, workspace } from '../core/access/rule.ts'
import type { Rule } from '../core/access/rule.ts'

/** Who may do what with the audit trail. */
export const permissions = {
  'audit.list': workspace(manager, 'audit:read'),
  'audit.describe': workspace(manager, 'audit:read'),
  'audit.verify': workspace(manager, 'audit:read'),
  'audit.export': workspace(manager, 'audit:read'),
  'audit.listCheckpoints': workspace(manager, 'audit:read'),
  'audit.erase': workspace(owner, 'audit:write'),
} as const satisfies Record<string, Rule>

type Table = typeof permissions
declare module '../core/access/rule.ts' {
  interface Permissions extends Table {}
}
