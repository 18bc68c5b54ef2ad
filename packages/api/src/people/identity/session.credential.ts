import type { Credential } from '../../core/access/credential.ts'
import { iso } from '../../core/clock.ts'
import { sessionIsAlive } from './session.queries.ts'

/** Sessions of browsers; they come by cookie (`SignIn.sessionOf`). */
export const sessionCredential: Credential = {
  prefix: null,
  isOf: (actor) => actor.kind === 'user' && actor.credential.kind === 'session',
  async isAlive(app, db, actor) {
    if (actor.kind !== 'user' || actor.credential.kind !== 'session') return false
    const { id } = actor.credential
    return (await sessionIsAlive.first(db, { id, now: iso(app.clock.now()) })) !== undefined
  },
}
