import type { BotIntegrationInstance, BotPluginInstance } from './installation.schema.ts'

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
