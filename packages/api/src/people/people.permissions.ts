import {
  account,
  administrator,
  any,
  anyone,
  billing,
  developer,
  owner,
  self,
  viewer,
  workspace,
} from '../core/access/rule.ts'
import type { Rule } from '../core/access/rule.ts'

/** In a browser only: no key opens it. */
const session: Rule<'self'> = { scope: 'self', roles: [], key: null, beforeSecondFactor: true }

/** Who may do what with accounts, workspaces, members and themselves (reference 2, column "role"). */
export const permissions = {
  'setup.status': anyone,
  'setup.claim': anyone,
  'me.signUp': anyone,
  'member.lookupInvitation': anyone,
  'member.permissions': anyone,
  'recovery.request': anyone,
  'recovery.lookup': anyone,
  'recovery.use': anyone,

  'me.get': { ...self('me:read'), beforeSecondFactor: true },
  'me.update': self('me:write'),
  'me.delete': self('me:write'),
  'me.listTokens': self('me:read'),
  'me.createToken': { ...self('me:write'), boundTokens: true },
  'me.rotateToken': { ...self('me:write'), boundTokens: true },
  'me.deleteToken': self('me:write'),
  'me.setPreference': self('me:write'),
  'me.getPreference': { ...self('me:read'), beforeSecondFactor: true },
  'me.listSessions': { ...self('me:read'), beforeSecondFactor: true },
  'me.deleteSession': self('me:write'),
  'me.signOutEverywhere': self('me:write'),
  'me.endSessionsOf': any('me:write'),

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
  'account.listTransfers': account('account:read'),
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
  'workspace.transfer': workspace(owner, 'workspace:write'),
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
} as const satisfies Record<string, Rule>

type Table = typeof permissions
declare module '../core/access/rule.ts' {
  interface Permissions extends Table {}
}
