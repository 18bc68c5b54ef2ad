import { addresses } from './addresses.testing.ts'
import { bodies } from './bodies.testing.ts'
import { connections } from './connections.testing.ts'
import { floods } from './floods.testing.ts'
import { headers } from './headers.testing.ts'
import type { Hostile } from './hostile.testing.ts'
import { schemas } from './schemas.testing.ts'

export type { Hostile } from './hostile.testing.ts'
export { openTestServer, type TestServer } from './test-server.testing.ts'

/** Everything that hostile callers do to a live server here, by kind; for the tests and for `npm run bench`. */
export const kinds: Readonly<Record<string, readonly Hostile[]>> = {
  schemas,
  bodies,
  addresses,
  headers,
  connections,
  floods,
}
