import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { authorize } from '../../core/access/access.ts'
import { testRequest } from '../../core/app.testing.ts'
import {
  createBotKey,
  deleteBotKey,
  getBotAllowlist,
  rotateBotSigningSecrets,
  updateBotAllowlist,
} from '../access/bot-access.service.ts'
import { diffVersions } from '../version/version-diff.service.ts'
import { deployVersion, rollback } from '../version/version-deploy.service.ts'
import { getVersionLink } from '../version/version-download.service.ts'
import { createVersion, describeVersion } from '../version/version.service.ts'
import { getBotJson, publishBotJson } from './bot-json.service.ts'
import { getBot } from './bot.service.ts'
import { makeFixture } from './fixture.testing.ts'

eachDialect('a bot that is deleted once the rights were asked', (open) => {
  test('is not found by the calls that are under way', async () => {
    const s = await makeFixture(await open())
    const owner = s.as(s.owner.actor)
    const { bot } = await owner.create({ workspaceId: s.workspaceId, name: 'Bot', code: 'run()' })
    const context = { app: s.app, actor: s.owner.actor, request: testRequest }
    const contexts = Array.from({ length: 14 }, () => authorize(context, 'bot.update', { botId: bot.id }))
    const [first, ...rest] = await Promise.all(contexts)
    await owner.delete({ id: bot.id })
    const next = () => rest.pop()!
    const versionId = 'botver_x'
    const calls = {
      getBot: () => getBot(first!, { id: bot.id }),
      getBotAllowlist: () => getBotAllowlist(next()),
      updateBotAllowlist: () => updateBotAllowlist(next(), { botId: bot.id, setting: 'SELECTED_USERS' }),
      createBotKey: () => createBotKey(next(), { botId: bot.id }),
      deleteBotKey: () => deleteBotKey(next(), { id: 'bak_x' }),
      rotateBotSigningSecrets: () => rotateBotSigningSecrets(next()),
      getBotJson: () => getBotJson(next()),
      publishBotJson: () => publishBotJson(next(), { id: bot.id, botJson: { code: 'stop()' } }),
      createVersion: () => createVersion(next(), { id: bot.id, name: 'v' }),
      describeVersion: () => describeVersion(next(), { id: bot.id, versionId }),
      getVersionLink: () => getVersionLink(next(), { id: bot.id, versionId }),
      diffVersions: () => diffVersions(next(), { id: bot.id, from: versionId, to: versionId }),
      deployVersion: () => deployVersion(next(), { id: bot.id, versionId }),
      rollback: () => rollback(next(), { id: bot.id }),
    }
    for (const [name, call] of Object.entries(calls)) {
      const told = await call().catch(({ type }: { type?: string }) => type)
      expect([name, told]).toEqual([name, 'ResourceNotFound'])
    }
  })
})
