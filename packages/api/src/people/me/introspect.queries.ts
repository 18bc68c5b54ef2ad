import type { MainSchema, Params, Reader } from '@steward/db'
import { prepare } from '@steward/db'

export const findBotKeyCreator = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  db.selectFrom('bot_key').select('created_by').where('id', '=', p.id),
)
