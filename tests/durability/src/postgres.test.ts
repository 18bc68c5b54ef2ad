import { setTimeout as sleep } from 'node:timers/promises'
import { runs, startPostgres } from '@steward/db/testing'
import { expect, onTestFinished, test } from 'vitest'
import { openTrial } from './harness.ts'
import { newInstallation } from './installation.ts'
import { randomOf } from './random.ts'
import { anySeed } from './trial.testing.ts'

/** Milliseconds without Postgres, beside the time it takes to come back. */
const outages = [0, 100, 3000, 300]

test(
  'Postgres dies while the server stays: it recovers by itself, nothing acknowledged is lost',
  { timeout: 120_000 },
  async () => {
    const postgres = await startPostgres({ durable: true })
    const installation = newInstallation(postgres)
    onTestFinished(() => installation.remove())
    const trial = await openTrial({ installation, seed: anySeed() })
    onTestFinished(() => trial.close())
    const random = randomOf(trial.world.seed, 'postgres')
    const { pid } = trial.server.process
    for (const outage of outages) {
      const crash = async (): Promise<void> => {
        await sleep(100 + random.below(400))
        await postgres.kill()
        await sleep(outage)
        await postgres.start()
      }
      // Each client sends its write, with its key, until it is answered: through the crash and after it.
      await Promise.all([crash(), trial.write(outage + runs(1500, 0.4), { persists: true })])
      // It may complain of the outage, not after it.
      expect(trial.takeLog()).not.toContain('"level":"fatal"')
      await trial.settle({ thorough: true })
    }
    // Counted when settled. A slow machine gets as far as others in more time.
    while (trial.tally.acknowledged <= outages.length * 10) {
      await trial.write(1500, { persists: true })
      await trial.settle({ thorough: true })
    }
    expect(trial.server.process.pid).toBe(pid)
    expect(trial.server.process.exitCode).toBeNull()
  },
)
