import { memberDocs as docs } from './member.docs.ts'
import { procedure, rest, router } from '../core/procedure/trpc.ts'
import {
  acceptInvitationInput,
  acceptInvitationOutput,
  inviteMemberInput,
  inviteMemberOutput,
  listInvitationsInput,
  listInvitationsOutput,
  lookupInvitationInput,
  lookupInvitationOutput,
  renewInvitationInput,
  renewInvitationOutput,
  revokeInvitationInput,
  revokeInvitationOutput,
  transferOwnershipInput,
  transferOwnershipOutput,
} from './member/invitation.schema.ts'
import {
  acceptInvitation,
  inviteMember,
  listInvitations,
  lookupInvitation,
  renewInvitation,
  revokeInvitation,
} from './member/invitation.service.ts'
import {
  createWorkspaceMemberInput,
  createWorkspaceMemberOutput,
  deleteWorkspaceMemberInput,
  deleteWorkspaceMemberOutput,
  getWorkspaceMemberInput,
  getWorkspaceMemberOutput,
  listWorkspaceMembersInput,
  listWorkspaceMembersOutput,
  updateWorkspaceMemberInput,
  updateWorkspaceMemberOutput,
} from './member/member.schema.ts'
import {
  createMember,
  deleteMember,
  getOwnMember,
  listWorkspaceMembers,
  updateMember,
} from './member/member.service.ts'
import { transferOwnership } from './lifecycle/ownership.service.ts'
import { explainInput, explainOutput, listPermissionsInput, listPermissionsOutput } from './member/rights.schema.ts'
import { explain, listPermissions } from './member/rights.service.ts'

export const memberRouter = router({
  list: procedure('member.list', {
    rest: rest('GET', '/v1/admin/workspace-members', 'listWorkspaceMembers'),
    docs: docs.list,
    input: listWorkspaceMembersInput,
    output: listWorkspaceMembersOutput,
  }).query(({ ctx, input }) => listWorkspaceMembers(ctx, input)),
  me: procedure('member.me', {
    rest: rest('GET', '/v1/admin/workspace-members/me', 'getWorkspaceMember'),
    docs: docs.me,
    input: getWorkspaceMemberInput,
    output: getWorkspaceMemberOutput,
  }).query(({ ctx }) => getOwnMember(ctx)),
  create: procedure('member.create', {
    rest: rest('POST', '/v1/admin/workspace-members', 'createWorkspaceMember'),
    docs: docs.create,
    input: createWorkspaceMemberInput,
    output: createWorkspaceMemberOutput,
  }).mutation(({ ctx, input }) => createMember(ctx, input)),
  update: procedure('member.update', {
    rest: rest('PUT', '/v1/admin/workspace-members/{id}', 'updateWorkspaceMember'),
    docs: docs.update,
    input: updateWorkspaceMemberInput,
    output: updateWorkspaceMemberOutput,
  }).mutation(({ ctx, input }) => updateMember(ctx, input)),
  delete: procedure('member.delete', {
    rest: rest('DELETE', '/v1/admin/workspace-members/{id}', 'deleteWorkspaceMember'),
    docs: docs.delete,
    input: deleteWorkspaceMemberInput,
    output: deleteWorkspaceMemberOutput,
  }).mutation(({ ctx, input }) => deleteMember(ctx, input)),

  invite: procedure('member.invite', {
    rest: rest('POST', '/v1/steward/invitations', 'inviteMember'),
    docs: docs.invite,
    input: inviteMemberInput,
    output: inviteMemberOutput,
  }).mutation(({ ctx, input }) => inviteMember(ctx, input)),
  listInvitations: procedure('member.listInvitations', {
    rest: rest('GET', '/v1/steward/invitations', 'listInvitations'),
    docs: docs.listInvitations,
    input: listInvitationsInput,
    output: listInvitationsOutput,
  }).query(({ ctx, input }) => listInvitations(ctx, input)),
  renewInvitation: procedure('member.renewInvitation', {
    rest: rest('POST', '/v1/steward/invitations/{id}/renew', 'renewInvitation'),
    docs: docs.renewInvitation,
    input: renewInvitationInput,
    output: renewInvitationOutput,
  }).mutation(({ ctx, input }) => renewInvitation(ctx, input)),
  revokeInvitation: procedure('member.revokeInvitation', {
    rest: rest('DELETE', '/v1/steward/invitations/{id}', 'revokeInvitation'),
    docs: docs.revokeInvitation,
    input: revokeInvitationInput,
    output: revokeInvitationOutput,
  }).mutation(({ ctx, input }) => revokeInvitation(ctx, input)),
  // A mutation although it changes nothing: so the secret travels in a body and stands in no address or log.
  lookupInvitation: procedure('member.lookupInvitation', {
    rest: rest('POST', '/v1/steward/invitations/lookup', 'lookupInvitation'),
    docs: docs.lookupInvitation,
    input: lookupInvitationInput,
    output: lookupInvitationOutput,
  }).mutation(({ ctx, input }) => lookupInvitation(ctx, input)),
  acceptInvitation: procedure('member.acceptInvitation', {
    rest: rest('POST', '/v1/steward/invitations/accept', 'acceptInvitation'),
    docs: docs.acceptInvitation,
    input: acceptInvitationInput,
    output: acceptInvitationOutput,
  }).mutation(({ ctx, input }) => acceptInvitation(ctx, input)),

  transferOwnership: procedure('member.transferOwnership', {
    rest: rest('PUT', '/v1/steward/workspaces/{workspaceId}/owner', 'transferOwnership'),
    docs: docs.transferOwnership,
    input: transferOwnershipInput,
    output: transferOwnershipOutput,
  }).mutation(({ ctx, input }) => transferOwnership(ctx, input)),
  permissions: procedure('member.permissions', {
    rest: rest('GET', '/v1/steward/permissions', 'listPermissions'),
    docs: docs.permissions,
    input: listPermissionsInput,
    output: listPermissionsOutput,
  }).query(({ ctx }) => listPermissions(ctx)),
  explain: procedure('member.explain', {
    rest: rest('GET', '/v1/steward/workspaces/{workspaceId}/permissions/{permission}', 'explainPermission'),
    docs: docs.explain,
    input: explainInput,
    output: explainOutput,
  }).query(({ ctx, input }) => explain(ctx, input)),
})
