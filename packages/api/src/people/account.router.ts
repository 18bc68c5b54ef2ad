import { procedure, router } from '../core/procedure/trpc.ts'
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
import * as moving from './lifecycle/transfer.schema.ts'
import {
  acceptWorkspace,
  declineWorkspace,
  listMoves,
  offerWorkspace,
  withdrawWorkspace,
} from './lifecycle/transfer.service.ts'

/** Accounts: the customers, organizations or persons, who own workspaces and pay. Beyond the contract. */
export const accountRouter = router({
  list: procedure('account.list', {
    input: schema.listCustomersInput,
    output: schema.listCustomersOutput,
  }).query(({ ctx, input }) => listAccounts(ctx, input)),

  create: procedure('account.create', {
    input: schema.createCustomerInput,
    output: schema.createCustomerOutput,
  }).mutation(({ ctx, input }) => createAccount(ctx, input)),

  get: procedure('account.get', {
    input: schema.customerInput,
    output: schema.getCustomerOutput,
  }).query(({ ctx }) => getAccount(ctx)),

  update: procedure('account.update', {
    input: schema.updateCustomerInput,
    output: schema.updateCustomerOutput,
  }).mutation(({ ctx, input }) => updateAccount(ctx, input)),

  delete: procedure('account.delete', {
    input: schema.customerInput,
    output: schema.deleteCustomerOutput,
  }).mutation(({ ctx }) => deleteAccount(ctx)),

  listWorkspaces: procedure('account.listWorkspaces', {
    input: schema.listCustomerWorkspacesInput,
    output: schema.listCustomerWorkspacesOutput,
  }).query(({ ctx, input }) => listWorkspacesOf(ctx, input)),

  listAdministrators: procedure('account.listAdministrators', {
    input: schema.listAdministratorsInput,
    output: schema.listAdministratorsOutput,
  }).query(({ ctx, input }) => listAdministrators(ctx, input)),

  addAdministrator: procedure('account.addAdministrator', {
    input: schema.addAdministratorInput,
    output: schema.addAdministratorOutput,
  }).mutation(({ ctx, input }) => addAdministrator(ctx, input)),

  removeAdministrator: procedure('account.removeAdministrator', {
    input: schema.removeAdministratorInput,
    output: schema.removeAdministratorOutput,
  }).mutation(({ ctx, input }) => removeAdministrator(ctx, input)),

  listMoves: procedure('account.listMoves', {
    input: moving.listMovesInput,
    output: moving.listMovesOutput,
  }).query(({ ctx, input }) => listMoves(ctx, input)),

  offerWorkspace: procedure('account.offerWorkspace', {
    input: moving.offerWorkspaceInput,
    output: moving.offerWorkspaceOutput,
  }).mutation(({ ctx, input }) => offerWorkspace(ctx, input)),

  withdrawWorkspace: procedure('account.withdrawWorkspace', {
    input: moving.moveInput,
    output: moving.withdrawWorkspaceOutput,
  }).mutation(({ ctx, input }) => withdrawWorkspace(ctx, input)),

  acceptWorkspace: procedure('account.acceptWorkspace', {
    input: moving.moveInput,
    output: moving.acceptWorkspaceOutput,
  }).mutation(({ ctx, input }) => acceptWorkspace(ctx, input)),

  declineWorkspace: procedure('account.declineWorkspace', {
    input: moving.moveInput,
    output: moving.declineWorkspaceOutput,
  }).mutation(({ ctx, input }) => declineWorkspace(ctx, input)),
})
