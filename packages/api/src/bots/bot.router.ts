import { botDocs as docs } from './bot.docs.ts'
import { codeBody } from '../core/body-limits.ts'
import { procedure, rest, router } from '../core/procedure/trpc.ts'
import { getBotJson, publishBotJson } from './bot/bot-json.service.ts'
import {
  createBotKey,
  deleteBotKey,
  getBotAllowlist,
  listBotKeys,
  rotateBotSigningSecrets,
  updateBotAllowlist,
} from './access/bot-access.service.ts'
import { introspectInput, introspectOutput } from './access/introspect.schema.ts'
import { introspect } from './access/introspect.service.ts'
import { botOfKey, wholeBot } from './content/bot.resource.ts'
import { deleteBot, transferBot } from './bot/bot-remove.service.ts'
import { updateBot } from './bot/bot-update.service.ts'
import * as schema from './content/bot.schema.ts'
import { createBot, getBot, listBots } from './bot/bot.service.ts'

export const botRouter = router({
  create: procedure('bot.create', {
    rest: rest('POST', '/v1/admin/bots', 'createBot'),
    docs: docs.create,
    input: schema.createBotInput,
    output: schema.createBotOutput,
    body: codeBody,
  }).mutation(({ ctx, input }) => createBot(ctx, input)),

  list: procedure('bot.list', {
    rest: rest('GET', '/v1/admin/bots', 'listBots'),
    docs: docs.list,
    input: schema.listBotsInput,
    output: schema.listBotsOutput,
  }).query(({ ctx, input }) => listBots(ctx, input)),

  get: procedure('bot.get', {
    rest: rest('GET', '/v1/admin/bots/{id}', 'getBot'),
    docs: docs.get,
    input: schema.getBotInput,
    output: schema.getBotOutput,
    target: wholeBot,
  }).query(({ ctx, input }) => getBot(ctx, input)),

  update: procedure('bot.update', {
    rest: rest('PUT', '/v1/admin/bots/{id}', 'updateBot'),
    docs: docs.update,
    input: schema.updateBotInput,
    output: schema.updateBotOutput,
    body: codeBody,
  }).mutation(({ ctx, input }) => updateBot(ctx, input)),

  delete: procedure('bot.delete', {
    rest: rest('DELETE', '/v1/admin/bots/{id}', 'deleteBot'),
    docs: docs.delete,
    input: schema.deleteBotInput,
    output: schema.deleteBotOutput,
  }).mutation(({ ctx }) => deleteBot(ctx)),

  transfer: procedure('bot.transfer', {
    rest: rest('POST', '/v1/admin/bots/{id}/transfer', 'transferBot'),
    docs: docs.transfer,
    input: schema.transferBotInput,
    output: schema.transferBotOutput,
  }).mutation(({ ctx, input }) => transferBot(ctx, input)),

  listKeys: procedure('bot.listKeys', {
    rest: rest('GET', '/v1/admin/bots/baks', 'listBotApiKeys'),
    docs: docs.listKeys,
    at: 'botId',
    input: schema.listBotApiKeysInput,
    output: schema.listBotApiKeysOutput,
  }).query(({ ctx }) => listBotKeys(ctx)),

  createKey: procedure('bot.createKey', {
    rest: rest('POST', '/v1/admin/bots/baks', 'createBotApiKey'),
    docs: docs.createKey,
    at: 'botId',
    input: schema.createBotApiKeyInput,
    output: schema.createBotApiKeyOutput,
  }).mutation(({ ctx, input }) => createBotKey(ctx, input)),

  deleteKey: procedure('bot.deleteKey', {
    rest: rest('DELETE', '/v1/admin/bots/baks/{id}', 'deleteBotApiKey'),
    docs: docs.deleteKey,
    target: botOfKey,
    input: schema.deleteBotApiKeyInput,
    output: schema.deleteBotApiKeyOutput,
  }).mutation(({ ctx, input }) => deleteBotKey(ctx, input)),

  getAllowlist: procedure('bot.getAllowlist', {
    rest: rest('GET', '/v1/admin/bots/{botId}/allowlist', 'getBotAllowlist'),
    docs: docs.getAllowlist,
    at: 'botId',
    input: schema.getBotAllowlistInput,
    output: schema.getBotAllowlistOutput,
  }).query(({ ctx }) => getBotAllowlist(ctx)),

  updateAllowlist: procedure('bot.updateAllowlist', {
    rest: rest('PUT', '/v1/admin/bots/{botId}/allowlist', 'updateBotAllowlist'),
    docs: docs.updateAllowlist,
    at: 'botId',
    input: schema.updateBotAllowlistInput,
    output: schema.updateBotAllowlistOutput,
  }).mutation(({ ctx, input }) => updateBotAllowlist(ctx, input)),

  rotateSigningSecret: procedure('bot.rotateSigningSecret', {
    rest: rest('POST', '/v1/admin/bots/{id}/signing-secrets/rotate', 'rotateBotSigningSecrets'),
    docs: docs.rotateSigningSecret,
    input: schema.rotateBotSigningSecretsInput,
    output: schema.rotateBotSigningSecretsOutput,
  }).mutation(({ ctx }) => rotateBotSigningSecrets(ctx)),

  getJson: procedure('bot.getJson', {
    rest: rest('GET', '/v1/admin/bots/{id}/bot-json', 'getBotJson'),
    docs: docs.getJson,
    input: schema.getBotJsonInput,
    output: schema.getBotJsonOutput,
  }).query(({ ctx }) => getBotJson(ctx)),

  publishJson: procedure('bot.publishJson', {
    rest: rest('POST', '/v1/admin/bots/{id}/publish-from-bot-json', 'publishFromBotJson'),
    docs: docs.publishJson,
    input: schema.publishFromBotJsonInput,
    output: schema.publishFromBotJsonOutput,
    body: codeBody,
  }).mutation(({ ctx, input }) => publishBotJson(ctx, input)),

  introspect: procedure('bot.introspect', {
    rest: rest('POST', '/v1/admin/introspect', 'introspect'),
    docs: docs.introspect,
    input: introspectInput,
    output: introspectOutput,
  }).query(({ ctx, input }) => introspect(ctx, input)),
})
