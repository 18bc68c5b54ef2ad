import { runs } from '@steward/db/testing'
import { describe, test } from 'vitest'
import { runRounds } from './run.ts'
import { anySeed, engines, install } from './trial.testing.ts'

/** More of them: `npm test -- --full`, or `npm run durability`. */
const rounds = runs(50, 0.1)

describe.concurrent.each(engines)('SIGKILL at random moments of mixed writes (%s)', (engine) => {
  test(
    'no acknowledged write is lost, none is half there, and each has one effect',
    { timeout: 1_800_000 },
    async ({ expect }) => {
      const tally = await runRounds({ rounds, seed: anySeed(), install: () => install(engine), abreast: 2 })
      console.log(`${engine}: ${JSON.stringify(tally)}`)
      expect(tally.rounds).toBe(rounds)
      // The kills hit writes on their way, and the clients had got somewhere before.
      expect(tally.inFlight).toBeGreaterThan(rounds)
      expect(tally.acknowledged).toBeGreaterThan(rounds)
      expect(tally.repeated).toBe(tally.acknowledged)
    },
  )
})
