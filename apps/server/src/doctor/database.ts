import { checkIntegrity, mainSchema, type Integrity, type Stores } from '@steward/db'
import { isEmbedded } from '@steward/installation'
import type { Config } from '../config.ts'
import { count, fail, ok, warn, type Finding } from './finding.ts'

/** Engine, schema and soundness of both stores. */
export async function checkDatabase(config: Config, stores: Stores): Promise<Finding[]> {
  const found = await checkIntegrity(stores)
  const [main] = found
  return [
    ...(main ? [ok('engine', `${main.product} ${main.version}`)] : []),
    ...found.map(schemaOf),
    ...found.map((one) => damageOf(config, one)),
  ]
}

function schemaOf({ store, schema }: Integrity): Finding {
  const name = `schema (${store})`
  if (schema.unknown.length > 0)
    return fail(
      name,
      `is newer than this version: ${schema.unknown.join(', ')}`,
      'Run the newer version of Steward, or restore a backup of this one.',
    )
  if (schema.pending.length > 0)
    return warn(
      name,
      `${count(schema.pending.length, 'migration')} not applied yet`,
      'steward migrate (the server does this when it starts)',
    )
  return ok(name, schema.applied.at(-1) ?? 'empty, as expected')
}

function damageOf(config: Config, { store, damage, soundness }: Integrity): Finding {
  const name = `integrity (${store})`
  if (damage.length > 0)
    return fail(
      name,
      damage.join('; '),
      isEmbedded(config)
        ? 'Stop Steward and restore a backup: steward restore <folder> --force'
        : 'Repair it with the database’s own tools, or restore it.',
    )
  return ok(name, soundness)
}

/** Whether the main store has the tables that further checks read. */
export async function hasTables(stores: Stores): Promise<boolean> {
  const { pending, unknown } = await mainSchema(stores)
  return pending.length === 0 && unknown.length === 0
}
