import type { ChangeType, Permission } from '@steward/api'
import type { NavigateOptions } from '@tanstack/react-router'
import type { QueryFilters } from '@tanstack/react-query'
import type { LucideIcon } from 'lucide-react'
import type { May } from '../session/rights.ts'
import type { CommandInfo } from './command.ts'

/** A line of the rail. */
export interface Section<Command extends string = string> {
  to:
    | '/w/$workspaceId/home'
    | '/w/$workspaceId/bots'
    | '/w/$workspaceId/members'
    | '/w/$workspaceId/audit'
    | '/w/$workspaceId/settings'
    | '/accounts'
  label: string
  icon: LucideIcon
  /** What goes there: its keys are shown. */
  command: Command
  /** Shown only to those who may. */
  permission?: Permission
}

/** Something with a name that the palette leads to. */
export interface Named {
  id: string
  name: string
  /** What else it is known by. */
  about?: string
}

/** Where somebody searches. */
export interface SearchPlace {
  workspaceId: string | null
  may: May
  signedIn: boolean
}

/** One kind of what the palette finds by name. */
export interface SearchSource {
  /** `bot`: kept with what was chosen lately. */
  kind: string
  /** One and many, as the palette says them: `['Bot', 'Bots']`. */
  noun: readonly [string, string]
  /** Those to choose from; all of them, or those that the server finds for the text. */
  useNamed: (text: string, at: SearchPlace) => { found: readonly Named[]; searching?: boolean }
  to: (id: string, workspaceId: string) => NavigateOptions
  /** In no workspace: found from everywhere. */
  everywhere?: true
  /** Names that have no business on a disk, such as people's: never kept with what was chosen lately. */
  unkept?: true
}

/** A step of the breadcrumb for one of many: named by a parameter of the address. */
export interface Crumb {
  param: 'botId' | 'accountId'
  /** Its name as far as it is known now. */
  useName: (id: string, workspaceId: string) => string | undefined
  /** Others of its kind, to go to; each is shown on the same page. */
  neighbours?: { label: string; useOptions: (workspaceId: string) => readonly { value: string; label: string }[] }
}

/** The breadcrumb of pages that stand in no section: where it begins, and what each page is called. */
export interface Trail {
  at: '/me'
  to: '/me/profile'
  label: string
  pages: Readonly<Record<string, string>>
}

/** What to read again when something of a kind was changed. */
export type Refresh = Partial<Record<ChangeType, (workspaceId: string) => QueryFilters[]>>

/** What a concept contributes; the shell composes all of them (shell/features.ts). It lies in the concept's `feature.ts`. */
export interface Feature<Commands extends Record<string, CommandInfo> = Record<string, CommandInfo>> {
  commands: Commands
  section?: Section<keyof Commands & string>
  source?: SearchSource
  crumb?: Crumb
  trail?: Trail
  refresh?: Refresh
  /** What to read again after every change, whatever it was. */
  refreshAlways?: () => QueryFilters[]
}

/** Keeps what exactly is contributed: names of commands, kinds of changes. */
export function defineFeature<
  const Commands extends Record<string, CommandInfo>,
  const Rest extends Omit<Feature<Commands>, 'commands'>,
>(feature: { commands: Commands } & Rest): { commands: Commands } & Rest {
  return feature
}
