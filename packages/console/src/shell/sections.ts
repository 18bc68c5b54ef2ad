import type { Permission } from '@steward/api'
import { Bot, Building2, History, House, Settings, Users } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { CommandId } from '../commands/command.ts'

export interface Section {
  to:
    | '/w/$workspaceId/home'
    | '/w/$workspaceId/bots'
    | '/w/$workspaceId/members'
    | '/w/$workspaceId/audit'
    | '/w/$workspaceId/settings'
  label: string
  icon: LucideIcon
  command: CommandId
  /** Shown only to those who may. */
  permission: Permission
}

/** The rail, from top to bottom. */
export const sections: readonly Section[] = [
  { to: '/w/$workspaceId/home', label: 'Home', icon: House, command: 'go.home', permission: 'workspace.get' },
  { to: '/w/$workspaceId/bots', label: 'Bots', icon: Bot, command: 'go.bots', permission: 'bot.list' },
  { to: '/w/$workspaceId/members', label: 'Members', icon: Users, command: 'go.members', permission: 'member.list' },
  { to: '/w/$workspaceId/audit', label: 'Audit', icon: History, command: 'go.audit', permission: 'audit.list' },
  {
    to: '/w/$workspaceId/settings',
    label: 'Settings',
    icon: Settings,
    command: 'go.settings',
    permission: 'workspace.get',
  },
]

export const accountsIcon = Building2
