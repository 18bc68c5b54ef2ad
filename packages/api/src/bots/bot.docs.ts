import { docsOf } from '../core/procedure/docs.ts'
import { sampleIds } from '../core/procedure/samples.ts'

const definition = {
  states: 'Its states, by name: what each belongs to, its JSON Schema, and its time to live in milliseconds.',
  events: 'The events it defines, by name, each with its JSON Schema.',
  recurringEvents: 'Events that fire on a schedule (cron), by name.',
  subscriptions: 'The events it subscribes to; `events: null` means every event.',
  actions: 'Its actions, by name, with the JSON Schemas of their input and output.',
  configuration: 'Its configuration, and the JSON Schema that the configuration must match.',
  user: 'The tags that its users can have.',
  conversation: 'The tags that its conversations can have.',
  message: 'The tags that its messages can have.',
  tags: 'Labels for finding the bot.',
  code: 'The bot’s code.',
  name: 'Its name.',
  description: 'A short description of its purpose.',
  medias: 'Images and files shown with it.',
  url: 'The URL at which a bot under development runs.',
  secrets: 'Secret values by name. They are stored encrypted and never returned.',
  type: 'The tool it was created with.',
  maxExecutionTime: 'Maximum duration of one run, in seconds.',
}

export const botDocs = docsOf(
  {
    name: 'Bots',
    area: 'Bots',
    description: 'Bots: their definitions and code, their API keys, and who in the workspace can see them.',
    fields: {
      id: 'The bot.',
      botId: 'The bot.',
      workspaceId: 'The bot’s workspace. Optional, because the bot’s id identifies it.',
      multipleIntegrations: 'If `true`, integrations in the response are keyed by their alias.',
    },
    samples: {
      ...definition,
      id: sampleIds.bot,
      name: 'Support',
      description: 'Answers customers’ questions.',
      signingSecret: '************',
      tags: { team: 'sales' },
      medias: [],
      secrets: ['CRM_TOKEN'],
      code: 'export const bot = { start() {} }',
      createdBy: sampleIds.user,
      deployedAt: '2026-03-02T14:05:12.000Z',
      maxExecutionTime: 60,
      subscriptions: { events: {} },
      url: 'https://bot.example.org',
      configuration: {
        data: { language: 'en' },
        schema: { type: 'object', properties: { language: { type: 'string' } } },
      },
      type: 'studio',
      status: 'active',
      states: {},
      events: {},
      recurringEvents: {},
      actions: {},
      user: { tags: {} },
      conversation: { tags: {} },
      message: { tags: {} },
    },
  },
  {
    create: {
      summary: 'Create a bot',
      description:
        'Creates a bot in the workspace and deploys its code, if any, right away. Its signing secret is shown only in this response.',
      fields: {
        ...definition,
        workspaceId: 'The workspace to create the bot in.',
        dev: 'Whether this is a bot under development, which runs at `url`.',
      },
      samples: { signingSecret: 'd0XQ3p8mS5vK1yB7nR4tW9zC2fG6hJ0aL3eU5iO8qM1' },
      example: {
        input: {
          workspaceId: sampleIds.workspace,
          name: 'Support',
          tags: { team: 'sales' },
          configuration: { data: { language: 'en' } },
          code: 'export const bot = { start() {} }',
        },
      },
    },
    list: {
      summary: 'List bots',
      description: 'The bots in a workspace that the caller can see.',
      fields: {
        workspaceId: 'The workspace.',
        search: 'Part of the name, or a full id.',
        type: 'Only bots of this type.',
        deployed: '`true`: only deployed bots; `false`: only bots that are not deployed.',
        dev: '`true`: only bots under development; otherwise only the others.',
        tags: 'Only bots with all of these labels, as in `tags.team=sales`.',
        integrationNames: 'Only bots with one of these integrations installed.',
        pluginNames: 'Only bots with one of these plugins installed.',
        sortField: 'The field to sort by; creation time by default.',
        sortDirection: 'Ascending or descending; descending by default.',
      },
      samples: {
        search: 'supp',
        deployed: true,
        integrationNames: ['telegram'],
        pluginNames: ['hitl'],
      },
    },
    get: {
      summary: 'Get a bot',
      description: 'A bot with its full definition. Secrets are listed by name only, and the signing secret is masked.',
    },
    update: {
      summary: 'Update a bot',
      description:
        'Updates the given fields and keeps the rest. In maps, `null` deletes a key; lists are replaced entirely. New code is saved as a version and deployed. Changing `blocked` or `alwaysAlive` requires a manager.',
      fields: {
        ...definition,
        authentication: 'How the bot authenticates its calls.',
        blocked: 'Whether the bot is blocked from running.',
        alwaysAlive: 'Whether it is kept running between calls.',
        integrations: 'The integrations it uses, by alias; `null` removes one.',
        plugins: 'The plugins it uses, by alias; `null` removes one.',
        layers: 'Layers of its runtime.',
      },
      example: {
        input: {
          id: sampleIds.bot,
          description: 'Answers customers’ questions.',
          tags: { team: 'support', season: null },
        },
      },
    },
    delete: {
      summary: 'Delete a bot',
      description: 'Deletes the bot and its versions, keys and secrets.',
    },
    transfer: {
      summary: 'Move a bot to another workspace',
      description:
        'Moves the bot with its keys, secrets and versions. The caller must be allowed to create bots in the target workspace, where every member can then see it.',
      fields: { targetWorkspaceId: 'The target workspace.' },
      samples: { targetWorkspaceId: sampleIds.otherWorkspace },
    },
    listKeys: {
      summary: 'List a bot’s keys',
      description: 'The bot’s keys, newest first, without their values.',
      samples: { 'baks.id': sampleIds.botKey, note: 'Production' },
    },
    createKey: {
      summary: 'Create a key for a bot',
      description: 'Creates a key for the bot. Its value is shown only in this response.',
      fields: { note: 'What the key is for.' },
      samples: {
        id: sampleIds.botKey,
        note: 'Production',
        value: 'bp_bak_3fK9mQ2xT7vB5nR8wZ1cY4jL6hD0sG',
      },
    },
    deleteKey: {
      summary: 'Delete a bot’s key',
      description: 'The key stops working immediately.',
      fields: { id: 'The key. It also identifies the bot.' },
      samples: { id: sampleIds.botKey },
    },
    getAllowlist: {
      summary: 'Get who can see a bot',
      description: 'Whether every member of the workspace can see the bot or only selected people, and who they are.',
      samples: { 'users.id': sampleIds.user, setting: 'SELECTED_USERS' },
    },
    updateAllowlist: {
      summary: 'Change who can see a bot',
      description:
        'Makes the bot visible to everybody in the workspace or only to selected people, and adds or removes people.',
      fields: {
        setting: 'Everybody in the workspace, or selected people only.',
        users: 'Keyed by user id: `true` adds the person, `false` removes them.',
      },
      example: { input: { botId: sampleIds.bot, setting: 'SELECTED_USERS', users: { [sampleIds.user]: true } } },
    },
    rotateSigningSecret: {
      summary: 'Rotate a bot’s signing secret',
      description:
        'Creates a new signing secret, shown only in this response. The previous one stays valid for 24 hours.',
      samples: { newSigningSecret: 'k7Zr1Vb9mQ4xT2nW8yC5jL0hD3sG6fA1pU9eI2oR4tY' },
    },
    getJson: {
      summary: 'Get a bot as a JSON document',
      description:
        'The complete bot, including its code, as one JSON document that can be stored in a repository and published again.',
      example: {
        output: { name: 'Support', configuration: { data: { language: 'en' } }, code: 'export const bot = {}' },
      },
    },
    publishJson: {
      summary: 'Publish a bot from a JSON document',
      description:
        'Saves the document as a version and deploys it. Missing parts stay as they are; given parts replace those of the bot.',
      fields: { botJson: 'The document, as returned by “Get a bot as a JSON document”.' },
      example: {
        input: {
          id: sampleIds.bot,
          botJson: { configuration: { data: { language: 'de' }, schema: {} }, code: 'export const bot = {}' },
        },
        output: { id: sampleIds.bot, versionId: sampleIds.version, deployedAt: '2026-03-02T14:05:12.000Z' },
      },
    },
    introspect: {
      summary: 'Introspect a token or key',
      description: 'Who the token or bot key in this call belongs to.',
      fields: { botId: 'The bot.' },
    },
  },
)
