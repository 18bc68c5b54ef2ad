/** A clock that stands still until it is moved. */
export interface TestClock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  advance(milliseconds: number): void
}

export function testClock(start = '2026-03-01T12:00:00.000Z'): TestClock {
  let now = Date.parse(start)
  return {
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds
    },
  }
}
