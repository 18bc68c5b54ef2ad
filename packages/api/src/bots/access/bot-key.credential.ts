import { noteUse } from '../../core/access/authenticate.ts'
import type { Credential } from '../../core/access/credential.ts'
import { iso } from '../../core/clock.ts'
import { botKeyIsAlive, findBotKey, touchBotKey } from './bot-access.queries.ts'

/** Keys of bots. */
export const botKeyCredential: Credential = {
  prefix: 'bp_bak_',
  async find(app, db, hash) {
    const row = await findBotKey.first(db, { hash })
    if (!row || (row.expires_at !== null && row.expires_at <= iso(app.clock.now()))) return null
    noteUse(app, row, (tx, at) => touchBotKey.run(tx, { id: row.id, at }))
    return { kind: 'bot', botId: row.bot_id, workspaceId: row.workspace_id, keyId: row.id }
  },
  isOf: (actor) => actor.kind === 'bot',
  async isAlive(app, db, actor) {
    if (actor.kind !== 'bot') return false
    return (await botKeyIsAlive.first(db, { id: actor.keyId, now: iso(app.clock.now()) })) !== undefined
  },
}
