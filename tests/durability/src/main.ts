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

interface Asked {
  engines: ('sqlite' | 'postgres')[]
  rounds: number
  seed: number
  abreast: number
  help: boolean
}

/** @throws TypeError with words for what makes no sense. */
function asked(): Asked {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '50' },
      engine: { type: 'string', default: 'both' },
      seed: { type: 'string', default: '1' },
      abreast: { type: 'string', default: '2' },
      help: { type: 'boolean', default: false },
    },
  })
  const { engine, help } = values
  if (engine !== 'sqlite' && engine !== 'postgres' && engine !== 'both')
    throw new TypeError('--engine takes sqlite, postgres or both.')
  const whole = (name: 'rounds' | 'seed' | 'abreast', least: number): number => {
    const number = Number(values[name])
    if (Number.isSafeInteger(number) && number >= least) return number
    throw new TypeError(`--${name} takes a whole number, ${least} or more.`)
  }
  const numbers = { rounds: whole('rounds', 1), seed: whole('seed', 0), abreast: whole('abreast', 1) }
  return { ...numbers, engines: engine === 'both' ? ['sqlite', 'postgres'] : [engine], help }
}

/** Null when it was no use, and that has been said. */
function explained(): Asked | null {
  try {
    return asked()
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    console.error(`${cause.message}\n${usage}`)
    process.exitCode = 2
    return null
  }
}

const wanted = explained()
if (wanted?.help) console.log(usage)
else if (wanted) for (const engine of wanted.engines) await run(engine, wanted)

async function run(engine: 'sqlite' | 'postgres', { rounds, seed, abreast }: Asked): Promise<void> {
  const started = performance.now()
  const install = async () =>
    newInstallation(engine === 'postgres' ? await startPostgres({ durable: true }) : undefined)
  let done = 0
  const onRound = (): void => {
    done += 1
    if (done % 10 === 0) console.error(`${engine}: ${done} of ${rounds} rounds`)
  }
  try {
    const tally = await runRounds({ rounds, seed, abreast, install, onRound })
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`${engine}, seed ${seed}: all sound after ${seconds} s: ${JSON.stringify(tally)}`)
  } catch (cause) {
    console.error(cause instanceof Error ? cause.message : cause)
    process.exitCode = 1
  }
}
