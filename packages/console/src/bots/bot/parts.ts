import type { Bot } from './bot.ts'

export interface Part {
  id: 'actions' | 'events' | 'recurringEvents' | 'states' | 'integrations' | 'plugins'
  title: string
  noun: readonly [string, string]
  names: readonly string[]
  size: number
}

/** What a bot declares and has installed, by kind. */
export function partsOf(
  bot: Pick<Bot, 'actions' | 'events' | 'recurringEvents' | 'states' | 'integrations' | 'plugins'>,
): Part[] {
  const part = (id: Part['id'], title: string, noun: readonly [string, string]): Part => {
    const names = Object.keys(bot[id]).toSorted((a, b) => a.localeCompare(b))
    return { id, title, noun, names, size: names.length }
  }
  return [
    part('actions', 'Actions', ['action', 'actions']),
    part('events', 'Events', ['event', 'events']),
    part('recurringEvents', 'Recurring events', ['recurring event', 'recurring events']),
    part('states', 'States', ['state', 'states']),
    part('integrations', 'Integrations', ['integration', 'integrations']),
    part('plugins', 'Plugins', ['plugin', 'plugins']),
  ]
}
