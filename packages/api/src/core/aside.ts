import type { MainTx } from './context.ts'
import type { House } from './house.ts'
import { storesOf } from './house.ts'

const underWay = new WeakMap<House, Set<string>>()

/**
 * Writes that a credential was used: no request waits for it, and it is not a change to audit.
 * @param id of the credential; while one is being written, others are left out.
 * @returns whether it was begun.
 */
export function writeAside(house: House, id: string, work: (tx: MainTx) => Promise<unknown>): boolean {
  const writing = underWay.get(house) ?? new Set<string>()
  underWay.set(house, writing)
  if (writing.has(id)) return false
  writing.add(id)
  storesOf(house)
    .main.write(work)
    .catch((cause: unknown) =>
      house.log.warn({ err: cause, credential: id }, 'The use of a credential could not be noted.'),
    )
    .finally(() => writing.delete(id))
  return true
}
