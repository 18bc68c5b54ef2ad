import type { Db } from '../../core/context.ts'
import type { QuotaType } from './quota-type.schema.ts'
import { builtInQuotaType, builtInQuotaTypes, quotaScopes } from './quota-type.schema.ts'

interface Row {
  name: string
  kind: 'counter' | 'gauge' | 'maximum'
  unit: string
  title: string
  hard: 0 | 1
}

const columns = ['name', 'kind', 'unit', 'title', 'hard'] as const

const toQuotaType = (row: Row): QuotaType => ({
  name: row.name,
  kind: row.kind,
  unit: row.unit,
  title: row.title,
  scopes: quotaScopes,
  isHard: row.hard === 1,
})

/** Types that the operator added. */
export async function ownQuotaTypes(db: Db): Promise<QuotaType[]> {
  return (await db.selectFrom('quota_type').select(columns).orderBy('name').execute()).map(toQuotaType)
}

export async function allQuotaTypes(db: Db): Promise<QuotaType[]> {
  return [...builtInQuotaTypes, ...(await ownQuotaTypes(db))]
}

/** The types of these names; those that there are not are left out. */
export async function quotaTypesOf(db: Db, names: Iterable<string>): Promise<Map<string, QuotaType>> {
  const found = new Map<string, QuotaType>()
  const others: string[] = []
  for (const name of new Set(names)) {
    const builtIn = builtInQuotaType(name)
    if (builtIn) found.set(name, builtIn)
    else others.push(name)
  }
  if (others.length === 0) return found
  const rows = await db.selectFrom('quota_type').select(columns).where('name', 'in', others).execute()
  for (const row of rows) found.set(row.name, toQuotaType(row))
  return found
}
