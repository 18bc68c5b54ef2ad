import { openStores } from '@steward/db'
import { addLedgers, freshDatabase } from '@steward/db/testing'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { testApp } from '../app.testing.ts'
import { countedIn, ledgerFixture, recordedIn } from './ledgers.testing.ts'

/** Ids that a process acknowledged before it was killed in the midst of its work. */
async function acknowledged(args: readonly string[], lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'ledgers-process.testing.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const ids: string[] = []
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    ids.push(...line.split(' '))
    seen += 1
    if (seen === lines) child.kill('SIGKILL')
  }
  await ended
  expect(seen).toBeGreaterThanOrEqual(lines)
  return ids
}

test.each(['sqlite', 'postgres'] as const)('what was acknowledged is there after a kill (%s)', async (engine) => {
  const database = await freshDatabase(engine)
  onTestFinished(() => database.remove())
  const stores = await addLedgers(await openStores(database.options))
  const s = await ledgerFixture(stores, 1_000_000)
  await stores.close()
  const args = [JSON.stringify(database.options), s.workspaceId, JSON.stringify(s.owner)]
  const ids = [...(await acknowledged(args, 40))]
  const again = await openStores(database.options)
  onTestFinished(() => again.close())
  const after = { ...s, app: testApp(again).app }
  const { used, rows } = await countedIn(after)
  const recorded = new Set((await recordedIn(after)).map(({ id }) => id))
  const counted = new Set(rows.map(({ id }) => id))
  expect(ids.filter((id) => !counted.has(id) || !recorded.has(id))).toEqual([])
  // Each call is all or nothing, and the sum is that of the rows.
  expect(used).toBe(counted.size)
  expect(counted.size % 3).toBe(0)
  expect(recorded.size % 3).toBe(0)
})
