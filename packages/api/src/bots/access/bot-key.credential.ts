import type { Uses } from '../../core/access/authenticate.ts'
import { noteUse } from '../../core/access/authenticate.ts'
import type { Credential } from '../../core/access/credential.ts'
import { iso } from '../../core/clock.ts'
import type { Actor } from '../../core/context.ts'
import { botKeyIsAlive, findBotKey, lastUseOfBotKey, touchBotKey } from './bot-access.queries.ts'

const uses: Uses = {
  findLast: (tx, of) => lastUseOfBotKey.first(tx, of),
  keep: (tx, use) => touchBotKey.run(tx, use),
}

/** Keys of bots. */
export const botKeyCredential: Credential = {
  prefix: 'bp_bak_',
  async find(app, db, hash) {
    const row = await findBotKey.first(db, { hash })
    if (!row || (row.expires_at !== null && row.expires_at <= iso(app.clock.now()))) return null
    const { bot_id: botId, workspace_id: workspaceId, id: keyId } = row
    const actor: Actor = { kind: 'bot', botId, workspaceId, keyId }
    void noteUse(app, { row, actor, lane: { kind: 'workspace', id: workspaceId } }, uses)
    return actor
  },
  isOf: (actor) => actor.kind === 'bot',
  async isAlive(app, db, actor) {
    if (actor.kind !== 'bot') return false
    return (await botKeyIsAlive.first(db, { id: actor.keyId, now: iso(app.clock.now()) })) !== undefined
  },
}
