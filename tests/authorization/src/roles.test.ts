import { areas, type Permission, type Rule, storesOf } from '@steward/api/testing'
import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Endpoint } from './ask.testing.ts'
import { ask, endpointsOn, expectOutcome, outcome, procedures } from './ask.testing.ts'
import { forOperators, inputFor, pathOf, procedurePaths, rightActor, rows } from './inputs.testing.ts'
import type { Tenant, Who } from './tenant.testing.ts'
import { everyone, makeTenant } from './tenant.testing.ts'
import type { Fixture } from './fixture.testing.ts'
import { makeFixture } from './fixture.testing.ts'

/** What the permission table cannot say: rules of the verbs themselves. Everything else must follow from the table. */
const rulesOfVerbs: Record<string, string> = {
  'me.delete owner': 'ReferenceConstraint',
  'account.offerWorkspace accountant': 'ResourceNotFound',
  'account.delete accountant': 'Forbidden',
  // The viewer also works in a second workspace, which the administrator does not lead.
  'recovery.createForMember administrator': 'Forbidden',
  ...Object.fromEntries(
    forOperators.flatMap((path) =>
      everyone.filter((who) => who !== 'owner').map((who) => [`${path} ${who}`, 'Forbidden'] as const),
    ),
  ),
  'bot.introspect stranger': 'Forbidden',
  'bot.introspect accountant': 'Forbidden',
}

/** Said by the table alone. */
function expected(row: string, who: Who): string {
  const own = row.endsWith('#own')
  const rule: Rule = areas.permissions[(own ? pathOf(row) : row) as Permission]
  if (rule.scope === 'anyone' || rule.scope === 'any' || rule.scope === 'self') return '200'
  if (rule.scope === 'account') return who === 'owner' || who === 'accountant' ? '200' : 'ResourceNotFound'
  if (who === 'stranger' || who === 'accountant') return 'ResourceNotFound'
  const allowed = rule.roles.includes(who) || (own && (rule.ownRoles?.includes(who) ?? false))
  return allowed ? '200' : 'Forbidden'
}

/** What keys need stands beside the outcomes: `credentials.test.ts` holds the endpoints to it. */
function keyOf(row: string): string {
  const { key, botKeys }: Rule = areas.permissions[(row.endsWith('#own') ? pathOf(row) : row) as Permission]
  return `${key ?? '-'}${botKeys ? ' or a key of a bot' : ''}`
}

function printMatrix(found: ReadonlyMap<string, string>): string {
  const width = Math.max(...[...rows.keys()].map((row) => row.length)) + 2
  const column = (text: string) => text.padEnd(21)
  const line = (row: string, cells: string[]) => (row.padEnd(width) + cells.map(column).join('')).trimEnd()
  const cellsOf = (row: string) => everyone.map((who) => found.get(`${row} ${who}`) ?? '?')
  const lines = [...rows.keys()].map((row) => line(row, [...cellsOf(row), keyOf(row)]))
  return `${[line('procedure', [...everyone, 'key scope']), ...lines].join('\n')}\n`
}

describe('the inputs', () => {
  it('are there for every procedure, and every permission is a procedure or asked for by one', () => {
    expect(procedurePaths.toSorted()).toEqual([...procedures.keys()].toSorted())
    const named = Object.keys(areas.permissions).filter((name) => !/#|^workspace\.transfer$|^signIn\./.test(name))
    expect(procedurePaths.toSorted()).toEqual(named.toSorted())
  })
})

eachDialect('roles', (open, engine) => {
  const found = new Map<string, string>()
  let fixture: Fixture
  let tenant: Tenant

  beforeAll(async () => {
    fixture = await makeFixture(await open())
    tenant = await makeTenant(fixture)
  })
  afterAll(() => fixture.api.close())

  async function written(): Promise<number> {
    const { reader } = storesOf(fixture.app).main
    const row = await reader
      .selectFrom('audit_record')
      .select((eb) => eb.fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  /** Asks as somebody; what was refused has written nothing, and after a success the next one finds a fresh tenant. */
  async function askAs(row: string, who: Who, endpoint: 'trpc' | 'rest'): Promise<Answer> {
    const by = tenant.people[who]
    const path = pathOf(row)
    const input = await inputFor(row, tenant, by)
    const before = await written()
    const answer = await ask(fixture, endpoint, { path, input, token: by.token })
    if (answer.status !== 200) expect(await written(), `${row} as ${who} wrote although refused`).toBe(before)
    else if (procedures.get(path)?.type === 'mutation') tenant = await makeTenant(fixture)
    return answer
  }

  /** Everybody by tRPC; by REST, which leads to the same, one who may and one who may not. */
  function endpointsFor(row: string, who: Who): readonly Endpoint[] {
    const refused = everyone.find((one) => expected(row, one) !== '200') ?? 'stranger'
    return who === rightActor(row) || who === refused ? endpointsOn(engine, pathOf(row)) : ['trpc']
  }

  it.each([...rows.keys()])('%s', async (row) => {
    for (const who of everyone)
      for (const endpoint of endpointsFor(row, who)) {
        const cell = `${row} ${who}`
        const answer = await askAs(row, who, endpoint)
        expect(`${endpoint} ${outcome(answer)}`, `${cell}: ${answer.text}`).toBe(
          `${endpoint} ${rulesOfVerbs[cell] ?? expected(row, who)}`,
        )
        found.set(cell, outcome(answer))
        if (who === rightActor(row)) expectOutcome(answer, '200', cell)
      }
  })

  it.each([...rows.keys()].filter((row) => areas.permissions[pathOf(row) as Permission].scope === 'bot'))(
    '%s: a bot for selected people is not there for others',
    async (row) => {
      for (const who of ['viewer', 'developer', 'manager', 'administrator'] as const)
        for (const endpoint of endpointsOn(engine, pathOf(row))) {
          await select(tenant.ids.bot)
          const answer = await askAs(row, who, endpoint)
          const unseen = who === 'administrator' || row.endsWith('#own') ? expected(row, who) : 'ResourceNotFound'
          expect(`${who} ${outcome(answer)}`).toBe(`${who} ${unseen}`)
        }
    },
  )

  /** Opens a bot to selected people, of whom there are none. */
  function select(id: string): Promise<unknown> {
    const access = 'SELECTED_USERS'
    return storesOf(fixture.app).main.write((tx) =>
      tx.updateTable('bot').set({ access }).where('id', '=', id).execute(),
    )
  }

  it('are as the golden file says', async () => {
    await expect(printMatrix(found)).toMatchFileSnapshot('./matrix.golden.txt')
  })
})
