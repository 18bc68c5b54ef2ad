import { runs } from '@steward/db/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { verifyAll } from '@steward/api/server'
import { checkIntegrity } from '@steward/db'
import { describe, expect, onTestFinished, test } from 'vitest'
import { launch, lookInto, startProcess, writesEnded } from './installation.ts'
import { randomOf } from './random.ts'
import { anySeed, engines, install } from './trial.testing.ts'

const rounds = runs(3, 0.5)

describe.each(engines)('a first start that is killed (%s)', (engine) => {
  test('whenever it was, the next one makes the installation whole', async () => {
    const seed = anySeed()
    const random = randomOf(seed, 'first starts')
    for (let round = 0; round < rounds; round += 1) {
      const installation = await install(engine)
      onTestFinished(() => installation.remove())
      for (let kill = 0; kill < 2; kill += 1) {
        const { child, listening } = launch(installation)
        await Promise.race([sleep(250 + random.below(600)), listening])
        child.kill('SIGKILL')
        await listening.then(({ exit }) => exit).catch(() => {})
        await writesEnded(installation)
      }
      const server = await startProcess(installation)
      const ready = await fetch(`${server.url}/ready`)
      expect(ready.status, `seed ${seed}: ${await ready.text()}`).toBe(200)
      expect(server.out()).toMatch(/stw_set_[0-9A-Za-z]{49}/)
      await lookInto(installation, async ({ stores, app }) => {
        const { main } = stores
        for (const table of ['user', 'account', 'workspace', 'member'] as const)
          expect(await main.reader.selectFrom(table).select('id').execute()).toHaveLength(1)
        expect((await verifyAll(app)).problems).toEqual([])
        for (const { damage, schema } of await checkIntegrity(stores))
          expect([damage, schema.pending]).toEqual([[], []])
      })
      expect(server.err()).toBe('')
      expect(await server.kill('SIGTERM')).toBe(0)
    }
  })
})
