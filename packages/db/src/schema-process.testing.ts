// Run by tests as a process of its own: `node schema-process.testing.ts increment|migrate '<options>' <rounds>`; or with
// `resize '<options>'` forked, to set sizes as it is told to until it is let go.
import { openTestSchema, steps } from './schema.testing.ts'
import { migrate } from './migrate.ts'
import { openStores, type OpenOptions } from './dialect/open.ts'

const [, , task, where, rounds] = process.argv
const options = JSON.parse(String(where)) as OpenOptions

if (task === 'migrate') {
  const stores = await openStores(options)
  const { main } = await migrate(stores, { now: () => new Date(), steps })
  await stores.close()
  console.log(JSON.stringify(main))
} else if (task === 'resize') {
  const { main, stores } = await openTestSchema(options)
  process.on('message', ({ id, size }: { id: string; size: number }) => {
    const written = main.write((tx) => tx.updateTable('thing').set({ size }).where('id', '=', id).execute())
    void written.then(() => process.send?.('done'))
  })
  process.on('disconnect', () => void stores.close())
  process.send?.('ready')
} else {
  const { main, stores } = await openTestSchema(options)
  for (let round = 0; round < Number(rounds); round += 1) {
    await main.write(async (tx) => {
      const row = await tx
        .selectFrom('thing')
        .select('size')
        .where('id', '=', 'counter')
        .forUpdate()
        .executeTakeFirstOrThrow()
      await tx
        .updateTable('thing')
        .set({ size: row.size + 1 })
        .where('id', '=', 'counter')
        .execute()
    })
  }
  await stores.close()
  console.log(rounds)
}
