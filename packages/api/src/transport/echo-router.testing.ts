import { z } from 'zod'
import { listBotsInput } from '../bots/content/bot.schema.ts'
import { codeBody } from '../core/body-limits.ts'
import { ApiError } from '../core/errors.ts'
import { noResult, text } from '../core/shapes.schema.ts'
import { docsOf } from '../core/procedure/docs.ts'
import { procedure, rest, router } from '../core/procedure/trpc.ts'

const echoed = z.object({ input: z.unknown() })
const echo = async ({ input }: { input: unknown }): Promise<{ input: unknown }> => ({ input })

/** Descriptions for procedures of tests. */
export const { echo: docs } = docsOf(
  { name: 'Echo', area: 'Tests', description: 'Answers with what reached it.' },
  {
    echo: {
      summary: 'Echo',
      description: 'Answers with what reached it.',
      samples: {
        input: { id: 'x' },
        names: ['x'],
        id: 'x',
        name: 'x',
        about: 'x',
        handle: 'acme',
        key: 'theme',
        version: '1.0.0',
        code: 'void 0',
        tags: { team: 'sales' },
        nested: {},
        search: 'supp',
        integrationNames: ['telegram'],
        pluginNames: ['hitl'],
        workspaceIds: ['x'],
      },
    },
  },
)

/** A router that answers with what reached it: it shows what the endpoints make of requests, for every kind of right. */
export const echoRouter = router({
  setup: router({
    status: procedure('setup.status', {
      rest: rest('GET', '/v1/steward/setup', 'getSetupStatus'),
      docs,
      input: z.object({}).optional(),
      output: noResult,
    }).query(async () => ({})),
    claim: procedure('setup.claim', {
      rest: rest('POST', '/v1/steward/setup', 'claimInstallation'),
      docs,
      input: z.object({ name: text }),
      output: echoed,
    }).mutation(echo),
  }),
  bot: router({
    list: procedure('bot.list', {
      rest: rest('GET', '/v1/admin/bots', 'listBots'),
      docs,
      input: listBotsInput,
      output: echoed,
    }).query(echo),
    create: procedure('bot.create', {
      rest: rest('POST', '/v1/admin/bots', 'createBot'),
      docs,
      input: z.object({
        workspaceId: text,
        multipleIntegrations: z.boolean().optional(),
        name: text.optional(),
        code: z.string().optional(),
        tags: z.record(text, text).optional(),
        nested: z.object({ known: text.optional() }).optional(),
      }),
      body: codeBody,
      output: z.object({ input: z.unknown(), size: z.number() }),
    }).mutation(async ({ input: { code, ...input } }) => ({ input, size: code?.length ?? 0 })),
    keys: procedure('workspace.listPublic', {
      rest: rest('GET', '/v1/admin/bots/baks', 'listBotApiKeys'),
      docs,
      input: z.object({ botId: text }),
      output: echoed,
    }).query(echo),
    read: procedure('workspace.getPublic', {
      rest: rest('GET', '/v1/admin/bots/{id}', 'getBot'),
      docs,
      input: z.object({ id: text, workspaceId: text.optional(), multipleIntegrations: z.boolean().optional() }),
      output: echoed,
    }).query(echo),
    remove: procedure('workspace.getPublic', {
      rest: rest('DELETE', '/v1/admin/bots/{id}', 'deleteBot'),
      docs,
      input: z.object({ id: text }),
      output: noResult,
    }).mutation(async () => ({})),
  }),
  workspace: router({
    listPublic: procedure('workspace.listPublic', {
      rest: rest('GET', '/v1/admin/workspaces/public', 'listPublicWorkspaces'),
      docs,
      input: z.object({
        workspaceIds: z.array(text).optional(),
        nextToken: text.optional(),
        pageSize: z.int().optional(),
      }),
      output: echoed,
    }).query(echo),
    getPublic: procedure('workspace.getPublic', {
      rest: rest('GET', '/v1/admin/workspaces/{id}/public', 'getPublicWorkspace'),
      docs,
      input: z.object({ id: text }),
      output: echoed,
    }).query(echo),
    checkHandle: procedure('workspace.checkHandle', {
      rest: rest('PUT', '/v1/admin/workspaces/handle-availability', 'checkHandleAvailability'),
      docs,
      input: z.object({ handle: text }),
      output: echoed,
    }).query(echo),
    narrow: procedure('workspace.getPublic', {
      rest: [
        rest('GET', '/v1/admin/narrow/{id}', 'getNarrow', z.object({ input: z.object({ id: text }) })),
        rest('GET', '/v1/steward/narrow/{id}', 'getWide'),
        rest('DELETE', '/v1/steward/narrow/{id}', 'deleteWide'),
      ],
      docs,
      input: z.object({ id: text, deep: z.boolean().optional(), names: z.array(text).optional() }),
      output: echoed,
    }).query(echo),
    getPreference: procedure('workspace.getPreference', {
      rest: rest('GET', '/v1/admin/workspaces/preferences/{key}', 'getWorkspacePreference'),
      docs,
      input: z.object({ workspaceId: text, key: text }),
      output: echoed,
    }).query(echo),
    update: procedure('workspace.getPublic', {
      rest: rest('PUT', '/v1/admin/workspaces/{id}', 'updateWorkspace'),
      docs,
      input: z.object({ id: text, name: text.optional(), about: text.nullable().optional() }),
      output: echoed,
    }).mutation(echo),
  }),
  integration: router({
    getByName: procedure('workspace.getPublic', {
      rest: rest('GET', '/v1/admin/integrations/{name}/{version}', 'getIntegrationByName'),
      docs,
      input: z.object({ name: text, version: text }),
      output: echoed,
    }).query(echo),
    logs: procedure('workspace.getPublic', {
      rest: rest('GET', '/v1/admin/integrations/{id}/logs', 'getIntegrationLogs'),
      docs,
      input: z.object({ id: text }),
      output: echoed,
    }).query(echo),
  }),
  fail: router({
    inside: procedure('setup.status', {
      rest: rest('GET', '/v1/admin/fail/inside', 'failInside'),
      docs,
      input: z.object({}).optional(),
      output: noResult,
    }).query(async () => {
      throw new Error('select secret from token')
    }),
    known: procedure('setup.claim', {
      rest: rest('POST', '/v1/admin/fail/known', 'failKnown'),
      docs,
      input: z.object({}).optional(),
      output: noResult,
    }).mutation(async () => {
      throw new ApiError('AlreadyExists', 'It is there already.', { handle: 'acme' })
    }),
  }),
})
