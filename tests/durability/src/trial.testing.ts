import { freshDatabase } from '@steward/db/testing'
import { onTestFinished } from 'vitest'
import { openTrial, type Trial } from './harness.ts'
import { newInstallation, type Installation } from './installation.ts'

export const engines = ['sqlite', 'postgres'] as const
export type Engine = (typeof engines)[number]

/** An empty installation; for Postgres in a database of the test run's server. */
export async function install(engine: Engine): Promise<Installation> {
  if (engine === 'sqlite') return newInstallation()
  const database = await freshDatabase('postgres', { empty: true })
  if (!('url' in database.options)) throw new TypeError('A Postgres database has an address.')
  return newInstallation({ url: database.options.url, remove: () => database.remove() })
}

/** Another seed in every run; it stands in the message of a failure. */
export function anySeed(): number {
  return Math.floor(Math.random() * 2 ** 31)
}

/** A trial that ends with the test. */
export async function trialOn(engine: Engine, seed = anySeed()): Promise<Trial> {
  const installation = await install(engine)
  onTestFinished(() => installation.remove())
  const trial = await openTrial({ installation, seed })
  onTestFinished(() => trial.close())
  return trial
}
