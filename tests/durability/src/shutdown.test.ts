import { runs } from '@steward/db/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { engines, trialOn } from './trial.testing.ts'
import { work } from './clients.ts'

const rounds = runs(3, 0.5)

describe.each(engines)('SIGTERM during writes (%s)', (engine) => {
  test('every request that was sent is answered, nothing acknowledged is lost', async () => {
    const trial = await trialOn(engine)
    for (let round = 0; round < rounds; round += 1) {
      const wires = trial.connect()
      let stopping = false
      const shifts = trial.workers.map(async (worker, index) => {
        const wire = wires[index]
        if (!wire) return null
        // The last write of each client finds nobody listening: it was not sent, so it needs no answer.
        let last: string | null = null
        const watched = {
          ...wire,
          send: async (mutation: Parameters<typeof wire.send>[0]) => {
            const outcome = await wire.send(mutation)
            if (outcome.kind === 'unknown') last = outcome.why
            return outcome
          },
        }
        await work(worker, { world: trial.world, wire: watched, isOver: () => false })
        return stopping ? last : 'ended before the signal'
      })
      await sleep(150)
      stopping = true
      const code = await trial.server.kill('SIGTERM')
      expect(await Promise.all(shifts)).toEqual(trial.workers.map(() => 'ECONNREFUSED'))
      expect(code).toBe(0)
      for (const wire of wires) wire.close()
      await trial.restart()
      await trial.settle({ thorough: true })
    }
    expect(trial.tally.inFlight).toBe(trial.workers.length * rounds)
    expect(trial.tally.there).toBe(0)
  })
})
