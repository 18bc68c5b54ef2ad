import { versionDocs as docs } from './version.docs.ts'
import { procedure, rest, router } from '../core/procedure/trpc.ts'
import * as schema from './version/version.schema.ts'
import { deployVersion, rollback } from './version/version-deploy.service.ts'
import { diffVersions } from './version/version-diff.service.ts'
import { getVersionLink } from './version/version-download.service.ts'
import { describeCurrent, versionHistory } from './version/version-history.service.ts'
import { createVersion, describeVersion, listDeployments, listVersions } from './version/version.service.ts'

export const versionRouter = router({
  list: procedure('version.list', {
    rest: rest('GET', '/v1/admin/bots/{id}/versions', 'listBotVersions', schema.listBotVersionsOutput),
    docs: docs.list,
    input: schema.listBotVersionsInput,
    output: schema.listedVersionsOutput,
  }).query(({ ctx }) => listVersions(ctx)),

  create: procedure('version.create', {
    rest: rest('POST', '/v1/admin/bots/{id}/versions', 'createBotVersion'),
    docs: docs.create,
    input: schema.createBotVersionInput,
    output: schema.createBotVersionOutput,
  }).mutation(({ ctx, input }) => createVersion(ctx, input)),

  get: procedure('version.get', {
    rest: rest('GET', '/v1/admin/bots/{id}/versions/{versionId}', 'getBotVersion'),
    docs: docs.get,
    input: schema.getBotVersionInput,
    output: schema.getBotVersionOutput,
  }).query(({ ctx, input }) => getVersionLink(ctx, input)),

  deploy: procedure('version.deploy', {
    rest: rest('POST', '/v1/admin/bots/{id}/versions/deploy', 'deployBotVersion'),
    docs: docs.deploy,
    input: schema.deployBotVersionInput,
    output: schema.deployBotVersionOutput,
  }).mutation(({ ctx, input }) => deployVersion(ctx, input)),

  describe: procedure('version.describe', {
    rest: rest('GET', '/v1/steward/bots/{id}/versions/{versionId}', 'describeVersion'),
    docs: docs.describe,
    input: schema.describeVersionInput,
    output: schema.describeVersionOutput,
  }).query(({ ctx, input }) => describeVersion(ctx, input)),

  history: procedure('version.history', {
    rest: rest('GET', '/v1/steward/bots/{id}/versions', 'listVersionHistory'),
    docs: docs.history,
    input: schema.versionHistoryInput,
    output: schema.versionHistoryOutput,
  }).query(({ ctx, input }) => versionHistory(ctx, input)),

  current: procedure('version.current', {
    rest: rest('GET', '/v1/steward/bots/{id}/versions/current', 'getCurrentVersion'),
    docs: docs.current,
    input: schema.currentVersionInput,
    output: schema.currentVersionOutput,
  }).query(({ ctx }) => describeCurrent(ctx)),

  diff: procedure('version.diff', {
    rest: rest('GET', '/v1/steward/bots/{id}/versions/diff', 'compareVersions'),
    docs: docs.diff,
    input: schema.diffVersionsInput,
    output: schema.diffVersionsOutput,
  }).query(({ ctx, input }) => diffVersions(ctx, input)),

  listDeployments: procedure('version.listDeployments', {
    rest: rest('GET', '/v1/steward/bots/{id}/deployments', 'listDeployments'),
    docs: docs.listDeployments,
    input: schema.listDeploymentsInput,
    output: schema.listDeploymentsOutput,
  }).query(({ ctx, input }) => listDeployments(ctx, input)),

  rollback: procedure('version.rollback', {
    rest: rest('POST', '/v1/steward/bots/{id}/versions/rollback', 'rollBack'),
    docs: docs.rollback,
    input: schema.rollbackInput,
    output: schema.rollbackOutput,
  }).mutation(({ ctx, input }) => rollback(ctx, input)),
})
