import { administrator, developer, manager, viewer, workspace } from '../core/access/rule.ts'
import type { Role, Rule } from '../core/access/rule.ts'

const bot = (who: readonly Role[], key: Rule['key']): Rule<'bot'> => ({ scope: 'bot', roles: who, key })

/** Who may do what with bots and their versions (reference 2, column "role"). */
export const permissions = {
  'bot.create': workspace(developer, 'bot:write'),
  'bot.list': workspace(viewer, 'bot:read'),
  'bot.get': bot(viewer, 'bot:read'),
  'bot.update': bot(developer, 'bot:write'),
  'bot.update#operation': bot(manager, 'bot:write'),
  'bot.delete': { scope: 'bot', roles: administrator, ownRoles: ['developer', 'manager'], key: 'bot:write' },
  'bot.transfer': bot(manager, 'bot:write'),
  'bot.listKeys': bot(developer, 'bot:read'),
  'bot.createKey': bot(developer, 'bot:write'),
  'bot.deleteKey': bot(developer, 'bot:write'),
  'bot.getAllowlist': bot(administrator, 'bot:read'),
  'bot.updateAllowlist': bot(administrator, 'bot:write'),
  'bot.rotateSigningSecret': bot(administrator, 'bot:write'),
  'bot.getJson': bot(developer, 'bot:read'),
  'bot.publishJson': bot(developer, 'bot:write'),
  'bot.introspect': { scope: 'any', roles: [], key: 'bot:read', botKeys: true },
  'version.list': bot(viewer, 'version:read'),
  'version.history': bot(viewer, 'version:read'),
  'version.current': bot(viewer, 'version:read'),
  'version.describe': bot(viewer, 'version:read'),
  'version.diff': bot(viewer, 'version:read'),
  'version.create': bot(developer, 'version:write'),
  'version.get': bot(developer, 'version:read'),
  'version.deploy': bot(developer, 'version:write'),
  'version.rollback': bot(developer, 'version:write'),
  'version.listDeployments': bot(viewer, 'version:read'),
} as const satisfies Record<string, Rule>

type Table = typeof permissions
declare module '../core/access/rule.ts' {
  interface Permissions extends Table {}
}
