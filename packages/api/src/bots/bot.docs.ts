import { docsOf } from '../core/procedure/docs.ts'
import { sampleIds } from '../core/procedure/samples.ts'

const definition = {
  states:
    'The states it keeps, by name: whose they are, their JSON Schema, and after how many milliseconds they expire.',
  events: 'The events it knows, by name, each with its JSON Schema.',
  recurringEvents: 'Events that occur on a schedule (cron), by name.',
  subscriptions: 'The events it listens to; `events: null` means every event.',
  actions: 'The actions it offers, by name, with the JSON Schemas of what they take and give.',
  configuration: 'Its configuration, and the JSON Schema that the configuration must match.',
  user: 'The tags that its users may carry.',
  conversation: 'The tags that its conversations may carry.',
  message: 'The tags that its messages may carry.',
  tags: 'Labels to find the bot by.',
  code: 'The program of the bot.',
  name: 'What people call it.',
  description: 'What it is for.',
  medias: 'Pictures and files shown with it.',
  url: 'Where a bot under development runs.',
  secrets: 'Secret values by name. They are stored encrypted, and no answer shows them.',
  type: 'The tool it was made with.',
  maxExecutionTime: 'Seconds that one run may take.',
}

export const botDocs = docsOf(
  {
    name: 'Bots',
    area: 'Bots',
    description: 'Bots: their definition and code, the keys they call with, and who of the workspace may see them.',
    fields: {
      id: 'The bot.',
      botId: 'The bot.',
      workspaceId: 'The workspace of the bot. Optional, since the bot is named.',
      multipleIntegrations: '`true` names the integrations in the answer by their alias.',
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
      dev: false,
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
        'Creates a bot in the workspace; if code is given it is deployed at once. Only this answer shows its signing secret.',
      fields: {
        ...definition,
        workspaceId: 'The workspace that the bot is made in.',
        dev: 'A bot under development, which runs at `url`.',
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
      description: 'The bots of a workspace that the caller may see.',
      fields: {
        workspaceId: 'The workspace.',
        search: 'A part of the name, or a whole id.',
        type: 'Only bots of this type.',
        deployed: '`true`: only deployed bots; `false`: only the others.',
        dev: '`true`: bots under development; otherwise the others.',
        tags: 'Only bots with all of these labels, as in `tags.team=sales`.',
        integrationNames: 'Only bots with one of these integrations installed.',
        pluginNames: 'Only bots with one of these plugins installed.',
        sortField: 'What they are sorted by: creation by default.',
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
      description:
        'A bot with its whole definition. Secrets are listed by name only, and the signing secret is masked.',
    },
    update: {
      summary: 'Update a bot',
      description:
        'Changes what is given and keeps the rest. In maps, `null` deletes a key; lists are replaced whole. New code is a deployment and saved as a version. `blocked` and `alwaysAlive` take a manager.',
      fields: {
        ...definition,
        authentication: 'How the bot proves that a call is its own.',
        blocked: 'Whether the bot is stopped.',
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
      description: 'Deletes the bot with its versions, keys and secrets.',
    },
    transfer: {
      summary: 'Move a bot to another workspace',
      description:
        'Moves the bot with its keys, secrets and versions. The caller must be allowed to create bots there. In the new workspace every member sees it.',
      fields: { targetWorkspaceId: 'The workspace that it moves to.' },
      samples: { targetWorkspaceId: sampleIds.otherWorkspace },
    },
    listKeys: {
      summary: 'List a bot’s keys',
      description: 'The keys that the bot calls with, newest first, without their values.',
      samples: { 'baks.id': sampleIds.botKey, note: 'Production' },
    },
    createKey: {
      summary: 'Create a key for a bot',
      description: 'Creates a key that the bot calls with. Only this answer shows its value.',
      fields: { note: 'What the key is for.' },
      samples: {
        id: sampleIds.botKey,
        note: 'Production',
        value: 'bp_bak_3fK9mQ2xT7vB5nR8wZ1cY4jL6hD0sG',
      },
    },
    deleteKey: {
      summary: 'Delete a bot’s key',
      description: 'The key stops working at once.',
      fields: { id: 'The key, which also names the bot.' },
      samples: { id: sampleIds.botKey },
    },
    getAllowlist: {
      summary: 'Get who may see a bot',
      description: 'Whether every member of the workspace can see the bot or only selected people, and who they are.',
      samples: { 'users.id': sampleIds.user, setting: 'SELECTED_USERS' },
    },
    updateAllowlist: {
      summary: 'Change who may see a bot',
      description: 'Opens the bot to everybody in the workspace or to selected people, and adds or removes people.',
      fields: {
        setting: 'Everybody in the workspace, or selected people only.',
        users: 'By the id of a person: `true` adds them, `false` removes them.',
      },
      example: { input: { botId: sampleIds.bot, setting: 'SELECTED_USERS', users: { [sampleIds.user]: true } } },
    },
    rotateSigningSecret: {
      summary: 'Rotate a bot’s signing secret',
      description:
        'Creates a new signing secret, which only this answer shows; the previous one stays valid for 24 hours.',
      samples: { newSigningSecret: 'k7Zr1Vb9mQ4xT2nW8yC5jL0hD3sG6fA1pU9eI2oR4tY' },
    },
    getJson: {
      summary: 'Get a bot as one document',
      description:
        'The whole bot, its code too, as one JSON document that can be kept in a repository and published again.',
      example: {
        output: { name: 'Support', configuration: { data: { language: 'en' } }, code: 'export const bot = {}' },
      },
    },
    publishJson: {
      summary: 'Publish a bot from a document',
      description:
        'Saves the document as a version and deploys it. Parts that are absent stay as they are; parts that are there replace the bot’s.',
      fields: { botJson: 'The document, as “Get a bot as one document” answers it.' },
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
      description: 'Whom the token or the key of a bot in this call acts for.',
      fields: { botId: 'The bot.' },
    },
  },
)
