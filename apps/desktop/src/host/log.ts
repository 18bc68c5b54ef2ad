import type { Log } from '@steward/api/server'

/** One line of JSON per event; main keeps the last of them for the recovery window. */
export function createHostLog(out: { write(text: string): unknown }): Log {
  const at = (level: string) => (fields: object, text: string) => {
    const { err, ...rest } = fields as { err?: unknown }
    const error = err instanceof Error ? { error: err.stack ?? err.message } : {}
    out.write(`${JSON.stringify({ time: new Date().toISOString(), level, text, ...error, ...rest })}\n`)
  }
  return { debug: () => {}, info: at('info'), warn: at('warn'), error: at('error') }
}
