/*
 * What the concepts contribute, each in its `feature.ts`. Their order is that of the rail, of the palette and of the
 * sheet of keys. Also read where no page is: the desktop's build takes the commands of its menus from here.
 */
import { auditFeature } from '../audit/feature.ts'
import { botFeature } from '../bots/bot/feature.ts'
import type { CommandTable } from '../commands/command.ts'
import { idsOf } from '../commands/command.ts'
import type { Feature } from '../commands/feature.ts'
import { listCommands, viewCommands } from '../commands/view.commands.ts'
import { homeFeature } from '../home/feature.ts'
import { accountFeature } from '../people/account/feature.ts'
import { meFeature } from '../people/me/feature.ts'
import { memberFeature } from '../people/member/feature.ts'
import { workspaceFeature } from '../people/workspace/feature.ts'

export const features = [
  homeFeature,
  botFeature,
  memberFeature,
  auditFeature,
  workspaceFeature,
  accountFeature,
  meFeature,
] as const satisfies readonly Feature[]

/** The one table of commands. Palette, `?` sheet, shortcuts and menus read it; nothing else listens to keys. */
const table = {
  ...homeFeature.commands,
  ...botFeature.commands,
  ...memberFeature.commands,
  ...auditFeature.commands,
  ...workspaceFeature.commands,
  ...accountFeature.commands,
  ...meFeature.commands,
  ...viewCommands,
  ...listCommands,
}

declare module '../commands/command.ts' {
  interface Register {
    commands: typeof table
  }
}

export const commands: CommandTable = table
export const commandIds = idsOf(commands)

const contributions: readonly Feature[] = features
export const sections = contributions.flatMap(({ section }) => section ?? [])
export const sources = contributions.flatMap(({ source }) => source ?? [])
export const crumbs = contributions.flatMap(({ crumb }) => crumb ?? [])
export const trails = contributions.flatMap(({ trail }) => trail ?? [])
