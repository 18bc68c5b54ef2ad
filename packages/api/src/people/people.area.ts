import { guessesKept } from './sign-in/guesses.ts'
import { labelMembers } from './member/member.labels.ts'
import { expired, inOneWrite } from '../core/write/retention.ts'
import type { Area } from '../core/area.ts'
import { day } from '../core/clock.ts'
import { accountResource } from './account/account.resource.ts'
import { secondFactorOfInstallation } from './identity/second-factor.service.ts'
import { sessionCredential } from './identity/session.credential.ts'
import { selfResource } from './me/self.resource.ts'
import { tokenCredential } from './me/token.credential.ts'
import { countMembers } from './member/member.queries.ts'
import { removeStaleInvitations } from './member/invitation.upkeep.ts'
import { permissions } from './people.permissions.ts'
import { sweepRecoveryLinks } from './recovery/recovery.queries.ts'
import { sweepGuesses } from './sign-in/guess.queries.ts'
import { sealedFactors } from './sign-in/sealed-factors.ts'
import { workspaceResource } from './workspace/workspace.resource.ts'

declare module '../core/write/change-types.schema.ts' {
  interface ChangeTypes {
    user: true
    token: true
    session: true
    account: true
    workspace: true
    member: true
    invitation: true
    transfer: true
  }
}

declare module '../core/id.ts' {
  interface IdKinds {
    account: true
    workspace: true
    member: true
    invitation: true
    transfer: true
    token: true
  }
}

declare module '../core/app-context.ts' {
  interface Gauges {
    workspace_member_count: true
  }
}

declare module '../core/area.ts' {
  interface LifecycleEvents {
    workspaceCreated: { workspaceId: string; accountId: string }
    workspaceDeleted: { workspaceId: string }
    workspaceTransferred: { workspaceId: string; fromAccountId: string; toAccountId: string }
    accountDeleted: { accountId: string }
    personDeleted: { userId: string }
    /** The installation has another key: what the former one signed or hashed is worth nothing any more. */
    keyReplaced: { keyId: string }
    /** Somebody is no longer a member: they left, or were removed. */
    memberDeleted: { workspaceId: string; userId: string }
  }
}

/** An invitation that ran out can still be renewed for this long. */
const invitationKept = 30 * day

export const peopleArea: Area = {
  ids: {
    account: 'accnt',
    workspace: 'wkspace',
    member: 'member',
    invitation: 'invite',
    transfer: 'transfer',
    token: 'pat',
  },
  permissions,
  resources: { self: selfResource, account: accountResource, workspace: workspaceResource },
  credentials: [tokenCredential, sessionCredential],
  gates: [secondFactorOfInstallation],
  changes: {
    user: {},
    token: {},
    session: {},
    account: {},
    workspace: {},
    member: { labels: labelMembers },
    invitation: {},
    transfer: {},
  },
  gauges: { workspace_member_count: countMembers },
  retention: [
    { what: 'sessions', sweep: expired('session') },
    { what: 'pending sign-ins', sweep: expired('verification') },
    { what: 'wrong guesses', kept: guessesKept, sweep: inOneWrite(sweepGuesses) },
    { what: 'recovery links', sweep: inOneWrite(sweepRecoveryLinks) },
    { what: 'workspace transfers', sweep: expired('workspace_transfer') },
    { what: 'invitations', kept: invitationKept, sweep: removeStaleInvitations },
  ],
  sealed: [sealedFactors],
}
