import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import type { MainTx } from '../../core/context.ts'

const underWay = new WeakMap<AppContext, Set<string>>()

/**
 * Writes that a session lasts longer: no request waits for it, and it is not a change to audit.
 * @param id of the session; while one is being written, others are left out.
 * @returns whether it was begun.
 */
export function writeInBackground(app: AppContext, id: string, work: (tx: MainTx) => Promise<unknown>): boolean {
  const writing = underWay.get(app) ?? new Set<string>()
  underWay.set(app, writing)
  if (writing.has(id)) return false
  writing.add(id)
  storesOf(app)
    .main.write(work)
    .catch((cause: unknown) => app.log.warn({ err: cause, session: id }, 'A session could not be renewed.'))
    .finally(() => writing.delete(id))
  return true
}
