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
  const now = iso(app.clock.now())
  const row: MainSchema['bot'] = {
    id,
    workspace_id: workspaceId,
    name: 'Bot',
    description: '',
    type: 'studio',
    status: 'active',
    dev: 0,
    always_alive: 0,
    blocked: 0,
    url: null,
    authentication: null,
    max_execution_time: null,
    access: 'ALL_WORKSPACE_USERS',
    tags: '{}',
    document: '{}',
    code_blob: null,
    current_version_id: null,
    created_by: null,
    created_at: now,
    updated_at: now,
    deployed_at: null,
    ...given,
  }
  await storesOf(app).main.write((tx) => tx.insertInto('bot').values(row).execute())
  return id
}
