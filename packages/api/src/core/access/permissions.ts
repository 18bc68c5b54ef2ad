import type { Role } from './roles.schema.ts'
import { roles } from './roles.schema.ts'

export { roles, type Role } from './roles.schema.ts'

/** What a rule is about, and so which context it mints. */
export type Scope = 'anyone' | 'any' | 'self' | 'account' | 'workspace' | 'bot'

/** What a scoped key must carry: `bot:read` opens every reading procedure of `bot`, `bot:write` all of them. */
export type KeyScope =
  `${'me' | 'account' | 'workspace' | 'member' | 'recovery' | 'bot' | 'version' | 'audit'}:${'read' | 'write'}`

export interface Rule {
  scope: Scope
  /** Who may, among the members of the workspace; empty for scopes without roles. */
  roles: readonly Role[]
  /** Who may only for what they created. */
  ownRoles?: readonly Role[]
  /** Null where no key scope applies. */
  key: KeyScope | null
  /** Keys of bots may call it too. */
  botKeys?: true
}

const viewer = roles
const developer = ['developer', 'manager', 'administrator', 'owner'] as const
const manager = ['manager', 'administrator', 'owner'] as const
const administrator = ['administrator', 'owner'] as const
const owner = ['owner'] as const
const billing = ['billing', 'administrator', 'owner'] as const

type Of<S extends Scope> = Rule & { scope: S }
const anyone: Of<'anyone'> = { scope: 'anyone', roles: [], key: null }
const any = (key: KeyScope): Of<'any'> => ({ scope: 'any', roles: [], key })
const self = (key: KeyScope): Of<'self'> => ({ scope: 'self', roles: [], key })
const session: Of<'self'> = { scope: 'self', roles: [], key: null }
const account = (key: KeyScope): Of<'account'> => ({ scope: 'account', roles: [], key })
const workspace = (who: readonly Role[], key: KeyScope): Of<'workspace'> => ({ scope: 'workspace', roles: who, key })
const bot = (who: readonly Role[], key: KeyScope): Of<'bot'> => ({ scope: 'bot', roles: who, key })

/**
 * Who may do what: the one table, one line per procedure, named by its path (reference 2, column "role").
 * `procedure#part` is a stricter rule for part of a procedure, asked for by `requirePermission`. What is not here is denied.
 */
export const permissions = {
  'setup.status': anyone,
  'setup.claim': anyone,
  'me.signUp': anyone,
  'member.lookupInvitation': anyone,
  'member.permissions': anyone,
  'recovery.request': anyone,
  'recovery.lookup': anyone,
  'recovery.use': anyone,

  'me.get': self('me:read'),
  'me.update': self('me:write'),
  'me.delete': self('me:write'),
  'me.listTokens': self('me:read'),
  'me.createToken': self('me:write'),
  'me.rotateToken': self('me:write'),
  'me.deleteToken': self('me:write'),
  'me.setPreference': self('me:write'),
  'me.getPreference': self('me:read'),
  'me.listSessions': self('me:read'),
  'me.deleteSession': self('me:write'),
  'me.signOutEverywhere': self('me:write'),
  'me.endSessionsOf': any('me:write'),
  'me.introspect': { scope: 'any', roles: [], key: 'me:read', botKeys: true },

  // What passes through the sign-in library under /auth: in a browser only, no procedures.
  'signIn.enter': session,
  'signIn.confirm': session,
  'signIn.leave': session,
  'signIn.changePassword': session,
  'signIn.prepareSecondFactor': session,
  'signIn.confirmSecondFactor': session,
  'signIn.removeSecondFactor': session,
  'signIn.renewBackupCodes': session,
  'signIn.spendBackupCode': session,
  'signIn.addMethod': session,
  'signIn.removeMethod': session,
  'signIn.verifyEmail': session,

  'account.list': self('account:read'),
  'account.create': self('account:write'),
  'account.get': account('account:read'),
  'account.update': account('account:write'),
  'account.delete': account('account:write'),
  'account.listWorkspaces': account('account:read'),
  'account.listAdministrators': account('account:read'),
  'account.addAdministrator': account('account:write'),
  'account.removeAdministrator': account('account:write'),
  'account.listMoves': account('account:read'),
  'account.offerWorkspace': account('account:write'),
  'account.withdrawWorkspace': account('account:write'),
  'account.acceptWorkspace': account('account:write'),
  'account.declineWorkspace': account('account:write'),

  'workspace.create': self('workspace:write'),
  'workspace.list': self('workspace:read'),
  'workspace.getPublic': any('workspace:read'),
  'workspace.listPublic': any('workspace:read'),
  'workspace.checkHandle': any('workspace:read'),
  'workspace.get': workspace(viewer, 'workspace:read'),
  'workspace.changes': workspace(viewer, 'workspace:read'),
  'workspace.update': workspace(billing, 'workspace:write'),
  'workspace.update#profile': workspace(administrator, 'workspace:write'),
  'workspace.update#spendingLimit': workspace(billing, 'workspace:write'),
  'workspace.getSecurity': workspace(viewer, 'workspace:read'),
  'workspace.updateSecurity': workspace(administrator, 'workspace:write'),
  'workspace.delete': workspace(owner, 'workspace:write'),
  'workspace.move': workspace(owner, 'workspace:write'),
  'workspace.setPreference': workspace(developer, 'workspace:write'),
  'workspace.getPreference': workspace(viewer, 'workspace:read'),

  'member.list': workspace(viewer, 'member:read'),
  'member.me': workspace(viewer, 'member:read'),
  'member.create': workspace(administrator, 'member:write'),
  'member.update': workspace(administrator, 'member:write'),
  'member.delete': workspace(viewer, 'member:write'),
  'member.delete#others': workspace(administrator, 'member:write'),
  'member.invite': workspace(administrator, 'member:write'),
  'member.listInvitations': workspace(administrator, 'member:read'),
  'member.renewInvitation': workspace(administrator, 'member:write'),
  'member.revokeInvitation': workspace(administrator, 'member:write'),
  'member.acceptInvitation': self('member:write'),
  'member.transferOwnership': workspace(owner, 'member:write'),
  'member.explain': workspace(viewer, 'member:read'),

  'recovery.createForMember': workspace(administrator, 'recovery:write'),
  'recovery.create': any('recovery:write'),

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

  'version.list': bot(viewer, 'version:read'),
  'version.history': bot(viewer, 'version:read'),
  'version.inForce': bot(viewer, 'version:read'),
  'version.describe': bot(viewer, 'version:read'),
  'version.diff': bot(viewer, 'version:read'),
  'version.create': bot(developer, 'version:write'),
  'version.get': bot(developer, 'version:read'),
  'version.deploy': bot(developer, 'version:write'),
  'version.rollback': bot(developer, 'version:write'),
  'version.listDeployments': bot(viewer, 'version:read'),

  'audit.list': workspace(manager, 'audit:read'),
  'audit.describe': workspace(manager, 'audit:read'),
  'audit.verify': workspace(manager, 'audit:read'),
  'audit.export': workspace(manager, 'audit:read'),
  'audit.listCheckpoints': workspace(manager, 'audit:read'),
  'audit.erase': workspace(owner, 'audit:write'),
} as const satisfies Record<string, Rule>

export type Permission = keyof typeof permissions
export type RuleOf<P extends Permission> = (typeof permissions)[P]

/** Whether a key with these scopes (null = unrestricted) may use the permission; `x:write` includes `x:read`. */
export function keyAllows(scopes: readonly string[] | null, permission: Permission): boolean {
  const needed = (permissions[permission] as Rule).key
  if (scopes === null || needed === null) return true
  return scopes.includes(needed) || (needed.endsWith(':read') && scopes.includes(needed.replace(/:read$/, ':write')))
}

/** Every scope a key can carry. */
export const keyScopes: readonly KeyScope[] = [
  'me:read',
  'me:write',
  'account:read',
  'account:write',
  'workspace:read',
  'workspace:write',
  'member:read',
  'member:write',
  'recovery:read',
  'recovery:write',
  'bot:read',
  'bot:write',
  'version:read',
  'version:write',
  'audit:read',
  'audit:write',
]
