import { procedure, rest, router } from '../core/procedure/trpc.ts'
import { quotaDocs as docs } from './quota.docs.ts'
import { applyCatalogue, getCatalogue } from './quota/catalogue.service.ts'
import * as schema from './quota/quota.schema.ts'
import { blockWorkspace, unblockWorkspace } from './quota/restriction.service.ts'
import {
  getQuota,
  listAccountQuotas,
  listAlerts,
  listCompletions,
  listContractQuotas,
  listQuotas,
} from './quota/quota.service.ts'
import { assignPlan, endOverride, listRules, setAiSpend, setOverride } from './quota/rules.service.ts'
import { noResult } from '../core/shapes.schema.ts'

/** Quotas: how much accounts, workspaces and bots may use, and how much they do. */
export const quotaRouter = router({
  get: procedure('quota.get', {
    rest: rest('GET', '/v1/admin/workspaces/{id}/quota', 'getWorkspaceQuota'),
    docs: docs.get,
    input: schema.getQuotaInput,
    output: schema.getQuotaOutput,
    at: 'id',
  }).query(({ ctx, input }) => getQuota(ctx, input)),

  listOfContract: procedure('quota.listOfContract', {
    rest: rest('GET', '/v1/admin/workspaces/{id}/quotas', 'listWorkspaceQuotas'),
    docs: docs.listOfContract,
    input: schema.listQuotasInput,
    output: schema.listWorkspaceQuotasOutput,
    at: 'id',
  }).query(({ ctx, input }) => listContractQuotas(ctx, input)),

  list: procedure('quota.list', {
    rest: rest('GET', '/v1/steward/workspaces/{id}/quotas', 'listQuotas'),
    docs: docs.list,
    input: schema.listQuotasInput,
    output: schema.quotaStates,
    at: 'id',
  }).query(({ ctx, input }) => listQuotas(ctx, input)),

  listCompletions: procedure('quota.listCompletions', {
    rest: rest('GET', '/v1/admin/workspaces/usages/quota-completion', 'getAllWorkspaceQuotaCompletion'),
    docs: docs.listCompletions,
    input: schema.listCompletionsInput,
    output: schema.completions,
  }).query(({ ctx }) => listCompletions(ctx)),

  listOfAccount: procedure('quota.listOfAccount', {
    rest: rest('GET', '/v1/steward/accounts/{accountId}/quotas', 'listAccountQuotas'),
    docs: docs.listOfAccount,
    input: schema.accountQuotasInput,
    output: schema.quotaStates,
  }).query(({ ctx }) => listAccountQuotas(ctx)),

  listAlerts: procedure('quota.listAlerts', {
    rest: rest('GET', '/v1/steward/workspaces/{id}/quota-alerts', 'listQuotaAlerts'),
    docs: docs.listAlerts,
    input: schema.listAlertsInput,
    output: schema.listAlertsOutput,
    at: 'id',
  }).query(({ ctx, input }) => listAlerts(ctx, input)),

  block: procedure('quota.block', {
    rest: rest('PUT', '/v1/steward/workspaces/{workspaceId}/restriction', 'blockWorkspace'),
    docs: docs.block,
    input: schema.blockInput,
    output: noResult,
  }).mutation(({ ctx, input }) => blockWorkspace(ctx, input)),

  unblock: procedure('quota.unblock', {
    rest: rest('DELETE', '/v1/steward/workspaces/{workspaceId}/restriction', 'unblockWorkspace'),
    docs: docs.unblock,
    input: schema.unblockInput,
    output: noResult,
  }).mutation(({ ctx, input }) => unblockWorkspace(ctx, input)),

  setAiSpend: procedure('quota.setAiSpend', {
    rest: rest('PUT', '/v1/admin/quotas/ai-spend', 'changeAISpendQuota'),
    docs: docs.setAiSpend,
    input: schema.setAiSpendInput,
    output: noResult,
  }).mutation(({ ctx, input }) => setAiSpend(ctx, input)),

  getCatalogue: procedure('quota.getCatalogue', {
    rest: rest('GET', '/v1/steward/quota-catalogue', 'getQuotaCatalogue'),
    docs: docs.getCatalogue,
    input: schema.getCatalogueInput,
    output: schema.getCatalogueOutput,
  }).query(({ ctx }) => getCatalogue(ctx)),

  applyCatalogue: procedure('quota.applyCatalogue', {
    rest: rest('PUT', '/v1/steward/quota-catalogue', 'applyQuotaCatalogue'),
    docs: docs.applyCatalogue,
    input: schema.applyCatalogueInput,
    output: schema.applyCatalogueOutput,
  }).mutation(({ ctx, input }) => applyCatalogue(ctx, input)),

  listRules: procedure('quota.listRules', {
    rest: rest('GET', '/v1/steward/accounts/{accountId}/limits', 'listLimits'),
    docs: docs.listRules,
    input: schema.listRulesInput,
    output: schema.listRulesOutput,
  }).query(({ ctx, input }) => listRules(ctx, input)),

  assignPlan: procedure('quota.assignPlan', {
    rest: rest('PUT', '/v1/steward/accounts/{accountId}/plan', 'assignPlan'),
    docs: docs.assignPlan,
    input: schema.assignPlanInput,
    output: schema.assignPlanOutput,
  }).mutation(({ ctx, input }) => assignPlan(ctx, input)),

  setOverride: procedure('quota.setOverride', {
    rest: rest('POST', '/v1/steward/limits', 'setLimit'),
    docs: docs.setOverride,
    input: schema.setOverrideInput,
    output: schema.setOverrideOutput,
  }).mutation(({ ctx, input }) => setOverride(ctx, input)),

  endOverride: procedure('quota.endOverride', {
    rest: rest('DELETE', '/v1/steward/accounts/{accountId}/limits/{id}', 'endLimit'),
    docs: docs.endOverride,
    input: schema.endOverrideInput,
    output: schema.endOverrideOutput,
  }).mutation(({ ctx, input }) => endOverride(ctx, input)),
})
