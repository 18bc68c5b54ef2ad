// Run by tests as a process of its own, and killed: counts and records until then, and tells what was acknowledged.
// `node ledgers-process.testing.ts '<options>' <workspace> <owner as JSON>`
import { openStores, type OpenOptions } from '@steward/db'
import { testApp, type SeededPerson } from '../app.testing.ts'
import { count } from './count.ts'
import { consumes, contextOf, samples } from './ledgers.testing.ts'
import { record } from './record.ts'

const [, , options, workspaceId = '', owner] = process.argv
const { app } = testApp(await openStores(JSON.parse(String(options)) as OpenOptions))
const fixture = { app, workspaceId, owner: JSON.parse(String(owner)) as SeededPerson }

async function client(name: string): Promise<never> {
  const ctx = await contextOf(fixture)
  for (let turn = 0; ; turn += 1) {
    const ids = [0, 1, 2].map((i) => `${name}-${turn}-${i}`)
    await count(
      ctx,
      consumes,
      ids.map((id) => ({ id, amount: 1 })),
    )
    await record(
      ctx,
      samples,
      ids.map((id) => ({ id, value: 1, label: name })),
    )
    console.log(ids.join(' '))
  }
}

await Promise.all(['a', 'b', 'c', 'd'].map(client))
