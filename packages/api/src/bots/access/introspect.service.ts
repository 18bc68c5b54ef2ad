import { authorize } from '../../core/access/access.ts'
import type { AnyContext } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import { read } from '../../core/write/read.ts'
import { botKeyMaker } from './bot-access.queries.ts'
import type { IntrospectInput, IntrospectOutput } from './introspect.schema.ts'

/**
 * What the presented token acts for at a bot. The key of a bot knows only its own bot; as its user it names the person
 * who made it, or the key itself when the system did.
 * @throws Forbidden when the token may not see the bot, be it foreign or unknown (reference 2.11).
 */
export async function introspect(ctx: AnyContext, { botId }: IntrospectInput): Promise<IntrospectOutput> {
  const { actor } = ctx
  const refused = new ApiError('Forbidden', `No bot with the id "${botId}" is visible to this token.`, { botId })
  if (actor.kind === 'bot') {
    if (actor.botId !== botId) throw refused
    const key = await read(ctx, (db) => botKeyMaker.first(db, { id: actor.keyId }))
    return { botId, workspaceId: actor.workspaceId, userId: key?.created_by ?? actor.keyId }
  }
  const userId = actingUser(ctx)
  if (userId === null) throw refused
  try {
    const bot = await authorize(ctx, 'bot.get', { botId })
    return { botId, workspaceId: bot.workspaceId, userId }
  } catch (cause) {
    throw cause instanceof ApiError && cause.type === 'ResourceNotFound' ? refused : cause
  }
}
