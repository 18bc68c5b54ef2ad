import { procedure, rest, router } from '../core/procedure/trpc.ts'
import * as schema from './version/version.schema.ts'
import { deployVersion, rollback } from './version/version-deploy.service.ts'
import { diffVersions } from './version/version-diff.service.ts'
import { getVersionLink } from './version/version-download.service.ts'
import { versionHistory, versionInForce } from './version/version-history.service.ts'
import { createVersion, describeVersion, listDeployments, listVersions } from './version/version.service.ts'

export const versionRouter = router({
  list: procedure('version.list', {
    rest: rest('GET', '/v1/admin/bots/{id}/versions', 'listBotVersions'),
    input: schema.listBotVersionsInput,
    output: schema.listBotVersionsOutput,
  }).query(({ ctx }) => listVersions(ctx)),

  create: procedure('version.create', {
    rest: rest('POST', '/v1/admin/bots/{id}/versions', 'createBotVersion'),
    input: schema.createBotVersionInput,
    output: schema.createBotVersionOutput,
  }).mutation(({ ctx, input }) => createVersion(ctx, input)),

  get: procedure('version.get', {
    rest: rest('GET', '/v1/admin/bots/{id}/versions/{versionId}', 'getBotVersion'),
    input: schema.getBotVersionInput,
    output: schema.getBotVersionOutput,
  }).query(({ ctx, input }) => getVersionLink(ctx, input)),

  deploy: procedure('version.deploy', {
    rest: rest('POST', '/v1/admin/bots/{id}/versions/deploy', 'deployBotVersion'),
    input: schema.deployBotVersionInput,
    output: schema.deployBotVersionOutput,
  }).mutation(({ ctx, input }) => deployVersion(ctx, input)),

  describe: procedure('version.describe', {
    input: schema.describeVersionInput,
    output: schema.describeVersionOutput,
  }).query(({ ctx, input }) => describeVersion(ctx, input)),

  history: procedure('version.history', {
    input: schema.versionHistoryInput,
    output: schema.versionHistoryOutput,
  }).query(({ ctx, input }) => versionHistory(ctx, input)),

  inForce: procedure('version.inForce', {
    input: schema.versionInForceInput,
    output: schema.versionInForceOutput,
  }).query(({ ctx }) => versionInForce(ctx)),

  diff: procedure('version.diff', {
    input: schema.diffVersionsInput,
    output: schema.diffVersionsOutput,
  }).query(({ ctx, input }) => diffVersions(ctx, input)),

  listDeployments: procedure('version.listDeployments', {
    input: schema.listDeploymentsInput,
    output: schema.listDeploymentsOutput,
  }).query(({ ctx, input }) => listDeployments(ctx, input)),

  rollback: procedure('version.rollback', {
    input: schema.rollbackInput,
    output: schema.rollbackOutput,
  }).mutation(({ ctx, input }) => rollback(ctx, input)),
})
