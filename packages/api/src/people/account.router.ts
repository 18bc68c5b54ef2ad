import { accountDocs as docs } from './account.docs.ts'
import { procedure, rest, router } from '../core/procedure/trpc.ts'
import * as schema from './account/account.schema.ts'
import {
  createAccount,
  deleteAccount,
  getAccount,
  listAccounts,
  listWorkspacesOf,
  updateAccount,
} from './account/account.service.ts'
import { addAdministrator, listAdministrators, removeAdministrator } from './account/administrator.service.ts'
import * as transfers from './lifecycle/transfer.schema.ts'
import {
  acceptWorkspace,
  declineWorkspace,
  listTransfers,
  offerWorkspace,
  withdrawWorkspace,
} from './lifecycle/transfer.service.ts'

/** Accounts: the customers, organizations or persons, who own workspaces and pay. Beyond the contract. */
export const accountRouter = router({
  list: procedure('account.list', {
    rest: rest('GET', '/v1/steward/accounts', 'listAccounts'),
    docs: docs.list,
    input: schema.listCustomersInput,
    output: schema.listCustomersOutput,
  }).query(({ ctx, input }) => listAccounts(ctx, input)),

  create: procedure('account.create', {
    rest: rest('POST', '/v1/steward/accounts', 'createOrganization'),
    docs: docs.create,
    input: schema.createCustomerInput,
    output: schema.createCustomerOutput,
  }).mutation(({ ctx, input }) => createAccount(ctx, input)),

  get: procedure('account.get', {
    rest: rest('GET', '/v1/steward/accounts/{accountId}', 'getCustomerAccount'),
    docs: docs.get,
    input: schema.customerInput,
    output: schema.getCustomerOutput,
  }).query(({ ctx }) => getAccount(ctx)),

  update: procedure('account.update', {
    rest: rest('PATCH', '/v1/steward/accounts/{accountId}', 'updateCustomerAccount'),
    docs: docs.update,
    input: schema.updateCustomerInput,
    output: schema.updateCustomerOutput,
  }).mutation(({ ctx, input }) => updateAccount(ctx, input)),

  delete: procedure('account.delete', {
    rest: rest('DELETE', '/v1/steward/accounts/{accountId}', 'deleteCustomerAccount'),
    docs: docs.delete,
    input: schema.customerInput,
    output: schema.deleteCustomerOutput,
  }).mutation(({ ctx }) => deleteAccount(ctx)),

  listWorkspaces: procedure('account.listWorkspaces', {
    rest: rest('GET', '/v1/steward/accounts/{accountId}/workspaces', 'listAccountWorkspaces'),
    docs: docs.listWorkspaces,
    input: schema.listCustomerWorkspacesInput,
    output: schema.listCustomerWorkspacesOutput,
  }).query(({ ctx, input }) => listWorkspacesOf(ctx, input)),

  listAdministrators: procedure('account.listAdministrators', {
    rest: rest('GET', '/v1/steward/accounts/{accountId}/administrators', 'listAccountAdministrators'),
    docs: docs.listAdministrators,
    input: schema.listAdministratorsInput,
    output: schema.listAdministratorsOutput,
  }).query(({ ctx, input }) => listAdministrators(ctx, input)),

  addAdministrator: procedure('account.addAdministrator', {
    rest: rest('POST', '/v1/steward/accounts/{accountId}/administrators', 'addAccountAdministrator'),
    docs: docs.addAdministrator,
    input: schema.addAdministratorInput,
    output: schema.addAdministratorOutput,
  }).mutation(({ ctx, input }) => addAdministrator(ctx, input)),

  removeAdministrator: procedure('account.removeAdministrator', {
    rest: rest('DELETE', '/v1/steward/accounts/{accountId}/administrators/{userId}', 'removeAccountAdministrator'),
    docs: docs.removeAdministrator,
    input: schema.removeAdministratorInput,
    output: schema.removeAdministratorOutput,
  }).mutation(({ ctx, input }) => removeAdministrator(ctx, input)),

  listTransfers: procedure('account.listTransfers', {
    rest: rest('GET', '/v1/steward/accounts/{accountId}/transfers', 'listWorkspaceTransfers'),
    docs: docs.listTransfers,
    input: transfers.listTransfersInput,
    output: transfers.listTransfersOutput,
  }).query(({ ctx, input }) => listTransfers(ctx, input)),

  offerWorkspace: procedure('account.offerWorkspace', {
    rest: rest('POST', '/v1/steward/accounts/{accountId}/workspaces/{workspaceId}/transfers', 'offerWorkspace'),
    docs: docs.offerWorkspace,
    input: transfers.offerWorkspaceInput,
    output: transfers.offerWorkspaceOutput,
  }).mutation(({ ctx, input }) => offerWorkspace(ctx, input)),

  withdrawWorkspace: procedure('account.withdrawWorkspace', {
    rest: rest('DELETE', '/v1/steward/accounts/{accountId}/transfers/{transferId}', 'withdrawWorkspace'),
    docs: docs.withdrawWorkspace,
    input: transfers.transferInput,
    output: transfers.withdrawWorkspaceOutput,
  }).mutation(({ ctx, input }) => withdrawWorkspace(ctx, input)),

  acceptWorkspace: procedure('account.acceptWorkspace', {
    rest: rest('POST', '/v1/steward/accounts/{accountId}/transfers/{transferId}/accept', 'acceptWorkspace'),
    docs: docs.acceptWorkspace,
    input: transfers.transferInput,
    output: transfers.acceptWorkspaceOutput,
  }).mutation(({ ctx, input }) => acceptWorkspace(ctx, input)),

  declineWorkspace: procedure('account.declineWorkspace', {
    rest: rest('POST', '/v1/steward/accounts/{accountId}/transfers/{transferId}/decline', 'declineWorkspace'),
    docs: docs.declineWorkspace,
    input: transfers.transferInput,
    output: transfers.declineWorkspaceOutput,
  }).mutation(({ ctx, input }) => declineWorkspace(ctx, input)),
})
