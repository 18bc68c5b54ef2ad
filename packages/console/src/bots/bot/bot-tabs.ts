import type { Permission } from '@steward/api'
import type { ApiRequest } from '../../page/copy-as/request.ts'

export interface BotTab {
  id: 'overview' | 'configuration' | 'versions' | 'deployments' | 'keys' | 'access' | 'settings'
  label: string
  /** Left out of the tabs of those who may not. */
  permission: Permission
  /** What the tab asks the server, for "copy as". */
  request: (at: { workspaceId: string; id: string }) => ApiRequest
}

const ofBot = ({ workspaceId, id }: { workspaceId: string; id: string }) => ({ workspaceId, botId: id })

export const botTabs: readonly BotTab[] = [
  { id: 'overview', label: 'Overview', permission: 'bot.get', request: (input) => ({ path: 'bot.get', input }) },
  {
    id: 'configuration',
    label: 'Configuration',
    permission: 'bot.get',
    request: (input) => ({ path: 'bot.get', input }),
  },
  {
    id: 'versions',
    label: 'Versions',
    permission: 'version.list',
    request: (input) => ({ path: 'version.list', input }),
  },
  {
    id: 'deployments',
    label: 'Deployments',
    permission: 'version.listDeployments',
    request: (input) => ({ path: 'version.listDeployments', input }),
  },
  {
    id: 'keys',
    label: 'Keys',
    permission: 'bot.listKeys',
    request: (at) => ({ path: 'bot.listKeys', input: ofBot(at) }),
  },
  {
    id: 'access',
    label: 'Access',
    permission: 'bot.getAllowlist',
    request: (at) => ({ path: 'bot.getAllowlist', input: ofBot(at) }),
  },
  { id: 'settings', label: 'Settings', permission: 'bot.get', request: (input) => ({ path: 'bot.get', input }) },
]
