import { parseArgs } from 'node:util'
import { startPostgres } from '@steward/db/testing'
import { newInstallation } from './installation.ts'
import { runRounds } from './run.ts'

const usage = `usage: npm run durability -- [options]
  --rounds N          rounds of writing, SIGKILL, restart and checking for each engine (50)
  --engine E          sqlite, postgres or both (both)
  --seed S            a whole number (1); the same seed makes the same writes in the same order for each client.
                      The moments of the kills are drawn from it too, but time never repeats exactly.
  --abreast N         installations under fire at the same time (2)`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    engine: { type: 'string', default: 'both' },
    seed: { type: 'string', default: '1' },
    abreast: { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  },
})
const [rounds, seed, abreast] = [values.rounds, values.seed, values.abreast].map(Number)
const engines = values.engine === 'both' ? ['sqlite', 'postgres'] : [values.engine]
const usable = [rounds, seed, abreast].every((number) => Number.isSafeInteger(number) && (number ?? -1) >= 0)

if (values.help) console.log(usage)
else if (!usable || !rounds || !abreast || engines.some((engine) => engine !== 'sqlite' && engine !== 'postgres')) {
  console.error(usage)
  process.exitCode = 2
} else for (const engine of engines) await run(engine)

async function run(engine: string | undefined): Promise<void> {
  const started = performance.now()
  const install = async () =>
    newInstallation(engine === 'postgres' ? await startPostgres({ durable: true }) : undefined)
  let done = 0
  const onRound = (): void => {
    done += 1
    if (done % 10 === 0) console.error(`${engine}: ${done} of ${rounds} rounds`)
  }
  try {
    const tally = await runRounds({ rounds: rounds ?? 0, seed: seed ?? 0, abreast: abreast ?? 1, install, onRound })
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`${engine}, seed ${seed}: all sound after ${seconds} s: ${JSON.stringify(tally)}`)
  } catch (cause) {
    console.error(cause instanceof Error ? cause.message : cause)
    process.exitCode = 1
  }
}
