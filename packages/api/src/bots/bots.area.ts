import { labelBots } from './content/bot.labels.ts'
import { expired } from '../core/write/retention.ts'
import type { Area } from '../core/area.ts'
import { collecting } from '../core/blob/collect.ts'
import { keepListedMembers, unlistEverywhere, unlistIn } from './access/bot-access.queries.ts'
import { countKeys } from './access/bot-access.queries.ts'
import { countAlwaysAlive, countProductionBots } from './content/bot-parts.queries.ts'
import { botKeyCredential } from './access/bot-key.credential.ts'
import { codeHashesIn, hasBots } from './content/bot-parts.queries.ts'
import { sealedSecrets, sealedSigningSecrets } from './bot/bot.secrets.ts'
import { permissions } from './bots.permissions.ts'
import { botResource } from './content/bot.resource.ts'

declare module '../core/write/change-types.schema.ts' {
  interface ChangeTypes {
    bot: true
    botKey: true
    version: true
  }
}

declare module '../core/id.ts' {
  interface IdKinds {
    bot: true
    devBot: true
    botKey: true
    signingSecret: true
    version: true
    deployment: true
  }
}

declare module '../core/app-context.ts' {
  interface Gauges {
    always_alive: true
    bot_count: true
    api_key_count: true
  }
}

declare module '../core/area.ts' {
  interface LifecycleEvents {
    botDeleted: { workspaceId: string; botId: string }
    botTransferred: { botId: string; fromWorkspaceId: string; toWorkspaceId: string }
  }
}

const hidden = { idFor: 'bot.getAllowlist' } as const

export const botsArea: Area = {
  ids: {
    bot: 'bot',
    devBot: 'devbot',
    botKey: 'bak',
    signingSecret: 'sigsec',
    version: 'botver',
    deployment: 'deploy',
  },
  permissions,
  resources: { bot: botResource },
  credentials: [botKeyCredential],
  changes: { bot: { ...hidden, labels: labelBots }, botKey: hidden, version: hidden },
  gauges: { bot_count: countProductionBots, always_alive: countAlwaysAlive, api_key_count: countKeys },
  retention: [{ what: 'signing secrets', sweep: expired('bot_signing_secret') }],
  sealed: [sealedSecrets, sealedSigningSecrets],
  lifecycle: {
    workspaceDeleted: async (tx, { workspaceId }) => ({ outbox: collecting(await codeHashesIn(tx, workspaceId)) }),
    memberDeleted: async (tx, gone) => {
      const bots = await unlistIn(tx, gone)
      return { changes: bots.map((id) => ({ type: 'bot', id })) }
    },
    botTransferred: (tx, { botId, toWorkspaceId: workspaceId }) => keepListedMembers(tx, { botId, workspaceId }),
    personDeleted: (tx, { userId }) => unlistEverywhere(tx, userId),
  },
  isInUse: hasBots,
}
