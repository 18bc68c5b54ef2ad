import { createCleaner, type Log } from '@steward/api/server'

/** One line of JSON per event, cleaned and cut as the server's are; main keeps the last of them for the recovery window. */
export function createHostLog(out: { write(text: string): unknown }): Log {
  const clean = createCleaner([])
  const at = (level: string) => (given: object, said: string) => {
    const { fields, message } = clean(given, said)
    out.write(`${JSON.stringify({ time: new Date().toISOString(), level, text: message, ...fields })}\n`)
  }
  return { debug: () => {}, info: at('info'), warn: at('warn'), error: at('error') }
}
