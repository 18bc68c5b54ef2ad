import type { MainTx } from './context.ts'
import type { AppContext } from './app-context.ts'
import { storesOf } from './app-context.ts'

const underWay = new WeakMap<AppContext, Set<string>>()

/**
 * Writes that a credential was used: no request waits for it, and it is not a change to audit.
 * @param id of the credential; while one is being written, others are left out.
 * @returns whether it was begun.
 */
export function writeInBackground(app: AppContext, id: string, work: (tx: MainTx) => Promise<unknown>): boolean {
  const writing = underWay.get(app) ?? new Set<string>()
  underWay.set(app, writing)
  if (writing.has(id)) return false
  writing.add(id)
  storesOf(app)
    .main.write(work)
    .catch((cause: unknown) =>
      app.log.warn({ err: cause, credential: id }, 'The use of a credential could not be noted.'),
    )
    .finally(() => writing.delete(id))
  return true
}
