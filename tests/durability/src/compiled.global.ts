import { getCompileCacheDir } from 'node:module'
import { openTrial } from './harness.ts'
import { newInstallation } from './installation.ts'

/**
 * Node writes down what it compiled when a process ends by itself, and most servers of these tests are killed: one
 * serves all kinds of writes first and ends well, for the two hundred that follow.
 */
export default async function setup(): Promise<void> {
  if (getCompileCacheDir() === undefined) return
  const installation = newInstallation()
  try {
    const trial = await openTrial({ installation, seed: 1 })
    await trial.write(1000)
    await trial.close()
  } finally {
    await installation.remove()
  }
}
