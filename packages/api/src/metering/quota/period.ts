/* Quotas and usage are counted by UTC month, whatever zone is shown. Runs in a browser. */

/** The UTC month of a time: '2026-12'. */
export function monthOf(time: string | number): string {
  return new Date(time).toISOString().slice(0, 7)
}

/** First instant of a month, ISO 8601. */
export function startOfMonth(month: string): string {
  return `${month}-01T00:00:00.000Z`
}

/** First instant after a month, ISO 8601: periods are half-open. */
export function endOfMonth(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 1)).toISOString()
}
