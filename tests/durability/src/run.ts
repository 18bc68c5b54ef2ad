import { openTrial, type Tally } from './harness.ts'
import type { Installation } from './installation.ts'

export interface RunOptions {
  /** Rounds in all. */
  rounds: number
  seed: number
  /** Makes an empty installation; each is removed at the end. */
  install: () => Promise<Installation>
  /** Installations that are under fire at the same time, each with its share of the rounds and a seed of its own. */
  abreast?: number
  /** Told after each round. */
  onRound?: (tally: Tally) => void
}

/** Rounds between two looks at whole audit chains, files, and what the API reads back. */
const thoroughEvery = 5

/**
 * Runs rounds of writing, killing and checking; installation i of a run gets the seed `seed + i`.
 * @returns what happened in all. @throws DurabilityFault at the first round that leaves something wrong.
 */
export async function runRounds({ rounds, seed, install, abreast = 1, onRound }: RunOptions): Promise<Tally> {
  const shares = Array.from({ length: abreast }, (_, index) => Math.floor((rounds + index) / abreast))
  const results = await Promise.allSettled(
    shares.map(async (share, index) => fire({ rounds: share, seed: seed + index, install, onRound })),
  )
  for (const result of results) if (result.status === 'rejected') throw result.reason
  return sum(results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])))
}

type Share = Pick<RunOptions, 'rounds' | 'seed' | 'install'> & { onRound: RunOptions['onRound'] }

async function fire({ rounds, seed, install, onRound }: Share): Promise<Tally> {
  const installation = await install()
  try {
    const trial = await openTrial({ installation, seed })
    try {
      for (let round = 1; round <= rounds; round += 1) {
        await trial.round({ thorough: round % thoroughEvery === 0 || round === rounds })
        onRound?.(trial.tally)
      }
      return trial.tally
    } finally {
      await trial.close()
    }
  } finally {
    await installation.remove()
  }
}

function sum(tallies: readonly Tally[]): Tally {
  const total: Tally = {
    rounds: 0,
    acknowledged: 0,
    refused: 0,
    inFlight: 0,
    there: 0,
    absent: 0,
    repeated: 0,
    startsKilled: 0,
  }
  for (const tally of tallies) for (const [name, count] of Object.entries(tally)) total[name as keyof Tally] += count
  return total
}
