import { setTimeout as sleep } from 'node:timers/promises'

export interface RetryRule {
  readonly attempts: number
  /** Milliseconds; doubled each time, up to half a second, with jitter. */
  readonly pause: number
  readonly when: (error: unknown) => boolean
}

/** Runs `fn` again while `rule.when` recognises the error; the last error is thrown. */
export async function retrying<T>(rule: RetryRule, fn: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fn()
    } catch (error) {
      if (attempt >= rule.attempts || !rule.when(error)) throw error
    }
    await sleep(Math.min(500, rule.pause * 2 ** (attempt - 1)) * (0.5 + Math.random()))
  }
}

/** The `code` of an engine's error: 'SQLITE_BUSY', '40001', 'ECONNRESET'. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
