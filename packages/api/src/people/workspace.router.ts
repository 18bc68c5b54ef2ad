import { workspaceDocs as docs } from './workspace.docs.ts'
import { getPreference, setPreference } from '../core/preference/preference.ts'
import { procedure, rest, router, stream } from '../core/procedure/trpc.ts'
import * as security from './workspace/security.schema.ts'
import { getSecurity, updateSecurity } from './workspace/security.service.ts'
import { followWorkspace } from './workspace/workspace.changes.ts'
import { checkHandleAvailability, getPublicWorkspace, listPublicWorkspaces } from './workspace/workspace.directory.ts'
import * as schema from './workspace/workspace.schema.ts'
import {
  createWorkspace,
  deleteWorkspace,
  getWorkspace,
  listWorkspaces,
  updateWorkspace,
} from './workspace/workspace.service.ts'

/** Workspaces: where bots live and people work together. */
export const workspaceRouter = router({
  create: procedure('workspace.create', {
    rest: [
      rest('POST', '/v1/admin/workspaces', 'createWorkspace', schema.createWorkspaceOutput),
      rest('POST', '/v1/steward/workspaces', 'createOwnedWorkspace'),
    ],
    docs: docs.create,
    input: schema.createWorkspaceInput,
    output: schema.ownedWorkspace,
  }).mutation(({ ctx, input }) => createWorkspace(ctx, input)),

  list: procedure('workspace.list', {
    rest: [
      rest('GET', '/v1/admin/workspaces', 'listWorkspaces', schema.listWorkspacesOutput),
      rest('GET', '/v1/steward/workspaces', 'listOwnedWorkspaces'),
    ],
    docs: docs.list,
    input: schema.listWorkspacesInput,
    output: schema.listOwnedWorkspacesOutput,
  }).query(({ ctx, input }) => listWorkspaces(ctx, input)),

  get: procedure('workspace.get', {
    rest: [
      rest('GET', '/v1/admin/workspaces/{id}', 'getWorkspace', schema.getWorkspaceOutput),
      rest('GET', '/v1/steward/workspaces/{id}', 'getOwnedWorkspace'),
    ],
    docs: docs.get,
    input: schema.getWorkspaceInput,
    output: schema.ownedWorkspace,
    at: 'id',
  }).query(({ ctx }) => getWorkspace(ctx)),

  changes: stream(
    'workspace.changes',
    {
      rest: rest('GET', '/v1/steward/workspaces/{workspaceId}/changes', 'followWorkspace'),
      docs: docs.changes,
      input: schema.workspaceChangesInput,
      event: schema.workspaceChange,
    },
    followWorkspace,
  ),

  update: procedure('workspace.update', {
    rest: [
      rest('PUT', '/v1/admin/workspaces/{id}', 'updateWorkspace', schema.updateWorkspaceOutput),
      rest('PATCH', '/v1/steward/workspaces/{id}', 'updateOwnedWorkspace'),
    ],
    docs: docs.update,
    input: schema.updateWorkspaceInput,
    output: schema.ownedWorkspace,
    at: 'id',
  }).mutation(({ ctx, input }) => updateWorkspace(ctx, input)),

  getSecurity: procedure('workspace.getSecurity', {
    rest: rest('GET', '/v1/steward/workspaces/{id}/security', 'getWorkspaceSecurity'),
    docs: docs.getSecurity,
    input: security.getSecurityInput,
    output: security.getSecurityOutput,
    at: 'id',
  }).query(({ ctx }) => getSecurity(ctx)),

  updateSecurity: procedure('workspace.updateSecurity', {
    rest: rest('PUT', '/v1/steward/workspaces/{id}/security', 'updateWorkspaceSecurity'),
    docs: docs.updateSecurity,
    input: security.updateSecurityInput,
    output: security.updateSecurityOutput,
    at: 'id',
  }).mutation(({ ctx, input }) => updateSecurity(ctx, input)),

  delete: procedure('workspace.delete', {
    rest: rest('DELETE', '/v1/admin/workspaces/{id}', 'deleteWorkspace'),
    docs: docs.delete,
    input: schema.deleteWorkspaceInput,
    output: schema.deleteWorkspaceOutput,
    at: 'id',
  }).mutation(({ ctx }) => deleteWorkspace(ctx)),

  getPublic: procedure('workspace.getPublic', {
    rest: rest('GET', '/v1/admin/workspaces/{id}/public', 'getPublicWorkspace'),
    docs: docs.getPublic,
    input: schema.getPublicWorkspaceInput,
    output: schema.getPublicWorkspaceOutput,
  }).query(({ ctx, input }) => getPublicWorkspace(ctx, input)),

  listPublic: procedure('workspace.listPublic', {
    rest: rest('GET', '/v1/admin/workspaces/public', 'listPublicWorkspaces'),
    docs: docs.listPublic,
    input: schema.listPublicWorkspacesInput,
    output: schema.listPublicWorkspacesOutput,
  }).query(({ ctx, input }) => listPublicWorkspaces(ctx, input)),

  checkHandle: procedure('workspace.checkHandle', {
    rest: rest('PUT', '/v1/admin/workspaces/handle-availability', 'checkHandleAvailability'),
    docs: docs.checkHandle,
    input: schema.checkHandleAvailabilityInput,
    output: schema.checkHandleAvailabilityOutput,
  }).query(({ ctx, input }) => checkHandleAvailability(ctx, input)),

  setPreference: procedure('workspace.setPreference', {
    rest: rest('POST', '/v1/admin/workspaces/preferences/{key}', 'setWorkspacePreference'),
    docs: docs.setPreference,
    input: schema.setWorkspacePreferenceInput,
    output: schema.setWorkspacePreferenceOutput,
  }).mutation(({ ctx, input }) => setPreference(ctx, 'UPDATE_WORKSPACE', input)),

  getPreference: procedure('workspace.getPreference', {
    rest: rest('GET', '/v1/admin/workspaces/preferences/{key}', 'getWorkspacePreference'),
    docs: docs.getPreference,
    input: schema.getWorkspacePreferenceInput,
    output: schema.getWorkspacePreferenceOutput,
  }).query(({ ctx, input }) => getPreference(ctx, input)),
})
