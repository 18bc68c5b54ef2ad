/** One line of `steward doctor`. */
export interface Finding {
  /** What was looked at. */
  name: string
  status: 'ok' | 'warn' | 'fail'
  /** What was found. */
  text: string
  /** What to do about it, where something is wrong. */
  fix?: string
}

export const ok = (name: string, text: string): Finding => ({ name, status: 'ok', text })
export const warn = (name: string, text: string, fix: string): Finding => ({ name, status: 'warn', text, fix })
export const fail = (name: string, text: string, fix: string): Finding => ({ name, status: 'fail', text, fix })

/** Runs a check; what it throws is itself a finding, so that one broken part does not hide the rest. */
export async function attempt(name: string, check: () => Promise<Finding[] | Finding>): Promise<Finding[]> {
  try {
    return [await check()].flat()
  } catch (error) {
    return [
      fail(
        name,
        `could not be checked: ${(error as Error).message}`,
        'See the findings above, which may be the cause.',
      ),
    ]
  }
}

/** `3 bots`, `1 bot`. */
export function count(many: number, one: string, more = `${one}s`): string {
  return `${many} ${many === 1 ? one : more}`
}
