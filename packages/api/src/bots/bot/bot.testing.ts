import { botRow } from '@steward/testkit'
import type { MainSchema } from '@steward/db'
import { iso } from '../../core/clock.ts'
import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import type { BotIntegrationInstance, BotPluginInstance } from '../content/installation.schema.ts'

const times = { createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' }

/** An installed integration as it will stand in a bot's document. */
export function installedIntegration(id: string): BotIntegrationInstance {
  return {
    ...times,
    enabled: true,
    name: 'chat',
    version: '1.0.0',
    webhookUrl: 'https://hooks.test/1',
    webhookId: 'webhook_1',
    configurationType: 'manual',
    configuration: { key: 'value' },
    status: 'registered',
    statusReason: null,
    disabledChannels: [],
    id,
    title: 'Chat',
    description: '',
    iconUrl: '',
    public: true,
    visibility: 'public',
    verificationStatus: 'approved',
    lifecycleStatus: 'published',
  }
}

/** An installed plugin as it will stand in a bot's document. */
export function installedPlugin(id = 'plugver_1'): BotPluginInstance {
  return {
    ...times,
    enabled: true,
    name: 'hitl',
    version: '1.0.0',
    configuration: {},
    id,
    title: 'HITL',
    description: '',
    iconUrl: '',
    readmeUrl: '',
    public: true,
    visibility: 'public',
    lifecycleStatus: 'published',
  }
}

/** A bot with the least its row needs and what is given, straight into the table: no counter moves. Resolves to its id. */
export async function seedBot(
  app: AppContext,
  workspaceId: string,
  given: Partial<MainSchema['bot']> = {},
): Promise<string> {
  const id = app.ids.make('bot')
  const row = botRow({ id, workspace_id: workspaceId, created_at: iso(app.clock.now()), ...given })
  await storesOf(app).main.write((tx) => tx.insertInto('bot').values(row).execute())
  return id
}
