import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { MainSchema, Tx } from '@steward/db'
import { describe, expect, test } from 'vitest'
import { codeOf } from './check-bots.ts'
import { compare } from './check.ts'
import { DurabilityFault, type Trial } from './harness.ts'
import { lookInto } from './installation.ts'
import { botsOf } from './model.ts'
import { engines, trialOn } from './trial.testing.ts'
import { takeSnapshot } from './snapshot.ts'

// The harness must be able to fail: every checker is shown the mistake it is there for.

interface Plant {
  name: string
  /** The checkers that must report it. */
  by: string[]
  plant: (tx: Tx<MainSchema>, trial: Trial) => Promise<unknown>
}

const shared = (trial: Trial): string => trial.world.shared[0] ?? ''

/** Each makes something wrong that none before it has touched. */
const plants: Plant[] = [
  {
    name: 'the name of a bot as it was before an acknowledged update',
    by: ['bots'],
    plant: (tx, { world }) =>
      tx.updateTable('bot').set({ name: 'older' }).where('id', '=', idOf(world, 0)).executeTakeFirstOrThrow(),
  },
  {
    name: 'the secrets and tags of a bot that were not written with it',
    by: ['parts'],
    plant: (tx) => tx.deleteFrom('bot_tag').execute(),
  },
  {
    name: 'a deployment that moved the row of the bot, but not its history',
    by: ['versions', 'deployed'],
    plant: (tx) => tx.updateTable('bot').set({ current_version_id: null }).where('code_blob', 'is not', null).execute(),
  },
  {
    name: 'a gauge that did not move with its bots',
    by: ['gauges'],
    plant: (tx, trial) => tx.updateTable('workspace').set({ bot_count: 77 }).where('id', '=', shared(trial)).execute(),
  },
  {
    name: 'a workspace with its former name',
    by: ['workspaces'],
    plant: (tx, trial) => tx.updateTable('workspace').set({ name: 'older' }).where('id', '=', shared(trial)).execute(),
  },
  {
    name: 'a pending member without the invitation',
    by: ['members'],
    plant: (tx) => tx.deleteFrom('invitation').execute(),
  },
  {
    name: 'a token that was deleted by nobody',
    by: ['tokens'],
    plant: (tx, { world }) => {
      const ids = world.clients.flatMap((client) => [...client.tokens.keys()])
      return tx.deleteFrom('personal_access_token').where('id', 'in', ids).execute()
    },
  },
  {
    name: 'a preference that nobody set',
    by: ['preferences'],
    plant: (tx, { world: { userId } }) =>
      tx
        .insertInto('preference')
        .values({ owner_kind: 'user', owner_id: userId, key: 'x', value: '1', updated_at: '2026-01-01T00:00:00.000Z' })
        .execute(),
  },
  {
    name: 'a change that readers of the lane are not told of',
    by: ['changes'],
    plant: (tx, trial) =>
      tx.deleteFrom('change').where('lane_id', '=', shared(trial)).where('type', '=', 'bot').execute(),
  },
  {
    name: 'an audit payload that was edited',
    by: ['chains'],
    plant: (tx, trial) => {
      const ids = tx.selectFrom('audit_record').select('id').where('lane_id', '=', shared(trial))
      return tx.updateTable('audit_payload').set({ payload: '{}' }).where('record_id', 'in', ids).execute()
    },
  },
  {
    name: 'an audit record that is gone',
    by: ['records', 'lanes', 'chains'],
    plant: async (tx, { world: { userId } }) => {
      const last = tx
        .selectFrom('audit_record')
        .select('id')
        .where('lane_id', '=', userId)
        .orderBy('seq', 'desc')
        .limit(1)
      const { id } = await last.executeTakeFirstOrThrow()
      await tx.deleteFrom('audit_payload').where('record_id', '=', id).execute()
      await tx.deleteFrom('audit_record').where('id', '=', id).execute()
    },
  },
  {
    name: 'a stored answer that is gone',
    by: ['answers'],
    plant: (tx) => tx.deleteFrom('idempotency').execute(),
  },
]

function idOf(world: Trial['world'], index: number): string {
  return botsOf(world)[index]?.id ?? ''
}

/** A trial with a fair amount of everything. */
async function served(engine: (typeof engines)[number]): Promise<Trial> {
  const trial = await trialOn(engine)
  const enough = (): boolean =>
    botsOf(trial.world).some((bot) => bot.current !== null) &&
    botsOf(trial.world).some((bot) => bot.workspaceId === shared(trial)) &&
    botsOf(trial.world).some((bot) => Object.keys(bot.tags).length > 0) &&
    trial.world.clients.some((client) => client.tokens.size > 0) &&
    trial.world.clients.some((client) => client.members.size > 0)
  do await trial.write(400)
  while (!enough())
  await trial.settle({ thorough: true })
  return trial
}

async function linesOf(broken: Promise<unknown>): Promise<string> {
  const fault: unknown = await broken.then(
    () => null,
    (cause: unknown) => cause,
  )
  expect(fault).toBeInstanceOf(DurabilityFault)
  return (fault as DurabilityFault).lines.join('\n')
}

/** The schema itself refuses to hold a second owner, or none: so the checker is shown changed rows. */
async function expectOwnersToBeLookedAt({ world, base, installation }: Trial): Promise<void> {
  const found = await lookInto(installation, ({ stores }) => takeSnapshot(stores))
  const told = (members: typeof found.members): string =>
    compare({ world, base, found: { ...found, members } }).join('\n')
  expect(told(found.members)).toBe('')
  expect(told(found.members.filter((row) => row.role !== 'owner'))).toMatch(/^owners: /m)
  const second = found.members.filter((row) => row.role === 'owner').map((row) => ({ ...row, id: `${row.id}2` }))
  expect(told([...found.members, ...second])).toMatch(/^owners: /m)
}

/** Bytes of a body that changed, then a body that is gone. */
async function expectBodiesToBeRead(trial: Trial): Promise<void> {
  const { installation } = trial
  const [hash = ''] = codeOf(await lookInto(installation, ({ stores }) => takeSnapshot(stores)))
  const inDatabase = (change: (tx: Tx<MainSchema>) => Promise<unknown>) =>
    lookInto(installation, ({ stores }) => stores.main.write(change))
  const folder = 'folder' in installation.options ? installation.options.folder : ''
  const file = join(folder, 'blobs', hash.slice(0, 2), hash.slice(2, 4), hash)
  const data = Buffer.from('other')
  if (folder) writeFileSync(file, data)
  else await inDatabase((tx) => tx.updateTable('blob_chunk').set({ data }).where('hash', '=', hash).execute())
  expect((await trial.inspect()).join('\n')).toMatch(/^bodies: .*(DamagedBlob|other bytes)/m)
  if (folder) rmSync(file)
  else await inDatabase((tx) => tx.deleteFrom('blob').where('hash', '=', hash).execute())
  expect((await trial.inspect()).join('\n')).toContain(`bodies: ${hash} is missing`)
}

describe.each(engines)('the harness finds what is planted (%s)', (engine) => {
  test('in the data', async () => {
    const trial = await served(engine)
    await trial.close()
    let before = await trial.inspect()
    expect(before).toEqual([])
    for (const { name, by, plant } of plants) {
      await lookInto(trial.installation, ({ stores }) => stores.main.write((tx) => plant(tx, trial)))
      const after = await trial.inspect()
      const known = new Set(before)
      const reporters = new Set(after.filter((line) => !known.has(line)).map((line) => line.split(':')[0]))
      for (const checker of by) expect(reporters, `${name}: ${checker}`).toContain(checker)
      before = after
    }
    await expectBodiesToBeRead(trial)
  })

  test('in what clients were told, and in a repeat that has a second effect', async () => {
    const trial = await served(engine)
    const [client] = trial.world.clients
    const [model] = botsOf(trial.world)
    if (!client || !model) throw new Error('There are no bots.')
    client.bots.set('bot_never', { ...model, id: 'bot_never' })
    const lines = await linesOf(trial.settle({ thorough: true }))
    expect(lines).toMatch(/^after the restart: bots: bot_never is missing/m)
    expect(lines).toMatch(/^API: .*bot_never/m)
    client.bots.delete('bot_never')
    await trial.settle()
    await expectOwnersToBeLookedAt(trial)

    // A repeat that has a second effect.
    const done = (): boolean =>
      trial.workers.some(({ journal }) => journal.some(({ write }) => write.path === 'me.createToken'))
    while (!done()) await trial.write(100)
    await lookInto(trial.installation, ({ stores }) =>
      stores.main.write((tx) => tx.deleteFrom('idempotency').execute()),
    )
    const repeated = await linesOf(trial.settle())
    expect(repeated).toMatch(/^after the repeats: tokens: .* should not be there/m)
    expect(repeated).toMatch(/^me\.createToken .* repeated /m)
  })
})

test('a disk that forgets acknowledged commits is found out', async () => {
  const trial = await served('sqlite')
  const data = trial.installation.environment['STEWARD_DATA'] ?? ''
  await trial.close()
  cpSync(data, `${data}.old`, { recursive: true })
  await trial.restart()
  await trial.write(300)
  await trial.server.kill('SIGKILL')
  rmSync(data, { recursive: true })
  cpSync(`${data}.old`, data, { recursive: true })
  await trial.restart()
  expect(await linesOf(trial.settle())).toMatch(/^after the restart: answers: /m)
})

test('a row without its parent is found', async () => {
  const trial = await served('sqlite')
  await trial.close()
  const file = join(trial.installation.environment['STEWARD_DATA'] ?? '', 'steward.db')
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false })
  database.exec("insert into bot_secret (bot_id, name, sealed) values ('bot_nowhere', 'ALPHA', 'x')")
  database.close()
  const reporters = (await trial.inspect()).map((line) => line.split(':')[0])
  expect(reporters).toEqual(expect.arrayContaining(['files', 'parts']))
})
