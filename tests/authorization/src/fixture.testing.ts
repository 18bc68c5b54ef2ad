import { type TestClock, testClock } from '@steward/testkit'
import type { Stores } from '@steward/db'
import { areas, type AppContext, createApi, createAppContext, type Log, systemIds } from '@steward/api/testing'

/** An app behind its real endpoints, with everything it logged. */
export interface Fixture {
  app: AppContext
  clock: TestClock
  api: ReturnType<typeof createApi>
  lines: LogLine[]
  /** Differs at each call, for names that must not collide. */
  next(): number
}

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error'
  /** Fields and text as one line; errors with their stack. */
  text: string
}

/** The secret of the installation, so that a reopened one is the same. */
const secret = new Uint8Array(32).fill(11)

export async function makeFixture(stores: Stores): Promise<Fixture> {
  const clock = testClock()
  const lines: LogLine[] = []
  const app = await createAppContext({
    stores,
    secret,
    settings: { publicUrl: 'http://127.0.0.1:7420', signUp: 'open' },
    log: logInto(lines),
    clock,
    ids: systemIds(clock, areas.ids),
  })
  let count = 0
  return { app, clock, api: createApi(app), lines, next: () => ++count }
}

function logInto(lines: LogLine[]): Log {
  const at = (level: LogLine['level']) => (fields: object, text: string) =>
    void lines.push({ level, text: `${JSON.stringify(fields, showErrors)} ${text}` })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function showErrors(_key: string, value: unknown): unknown {
  return value instanceof Error ? { message: value.message, stack: value.stack, cause: value.cause } : value
}
