import { defineSearch } from '../../base/search.ts'
import { listSearch } from '../../page/list/list.search.ts'

export const botsDialogs = ['create'] as const

export const botsSearch = defineSearch({
  ...listSearch,
  q: 'text',
  type: 'text',
  state: ['deployed', 'not-deployed'],
  tag: 'texts',
  dev: ['true'],
  do: botsDialogs,
})

export const botDialogs = [
  'deploy',
  'rollback',
  'save-version',
  'rename',
  'delete',
  'transfer',
  'rotate',
  'create-key',
  'set-secret',
] as const

export type BotDialog = (typeof botDialogs)[number]

/** Of every tab of a bot. */
export const botSearch = defineSearch({ do: botDialogs, about: 'text' })
