import type { Client } from '@botpress/client'
import { beforeAll, describe, expect, test } from 'vitest'
import { checked } from './contract.testing.ts'
import { newWorkspace, onBothEngines } from './server.testing.ts'

/** Rising numbers from one. */
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

/** The same client, which also counts its calls. */
function counting(client: Client): { client: Client; calls: () => number } {
  let count = 0
  return { client: checked(client, () => (count += 1)), calls: () => count }
}

onBothEngines("lists, by the client's own collection helpers", (testServer) => {
  describe('bots', () => {
    let client: Client
    beforeAll(async () => {
      client = (await newWorkspace(testServer())).client
      for (const number of upTo(17)) {
        const odd = number % 2 === 1 ? { odd: 'yes' } : {}
        await client.createBot({ name: `bot ${number}`, dev: number > 13, tags: odd })
      }
    })
    const named = (bots: { name: string }[]): number[] => bots.map(({ name }) => Number(name.slice(4)))

    test('all of them, each once, newest first', async () => {
      const { client: reader, calls } = counting(client)
      const bots = await reader.list.bots({ pageSize: 4 }).collect()
      expect(named(bots)).toEqual(upTo(13).toReversed())
      expect(new Set(bots.map(({ id }) => id)).size).toBe(13)
      expect(calls()).toBe(4)
    })

    test('oldest first, dev bots, by tag, as many as asked for', async () => {
      const oldest = client.list.bots({ pageSize: 3, sortField: 'createdAt', sortDirection: 'asc' })
      expect(named(await oldest.collect())).toEqual(upTo(13))
      expect(named(await client.list.bots({ pageSize: 1, dev: true }).collect())).toEqual([17, 16, 15, 14])
      expect(named(await client.list.bots({ pageSize: 2, tags: { odd: 'yes' } }).collect())).toEqual([
        13, 11, 9, 7, 5, 3, 1,
      ])
      const { client: reader, calls } = counting(client)
      expect(await reader.list.bots({ pageSize: 4 }).collect({ limit: 7 })).toHaveLength(7)
      expect(calls()).toBe(2)
    })

    test('bots made and deleted between two pages shift nothing', async () => {
      const first = await client.listBots({ pageSize: 5 })
      const { bot } = await client.createBot({ name: 'bot 99' })
      const rest = await client.listBots({ pageSize: 100, ...first.meta })
      expect(named([...first.bots, ...rest.bots])).toEqual(upTo(13).toReversed())
      expect(rest.meta).toEqual({})
      await client.deleteBot({ id: bot.id })
    })
  })

  test('workspaces, to their members only', async () => {
    const person = await testServer().stranger()
    const names = upTo(10).map((number) => `workspace ${number}`)
    for (const name of names) await person.client().createWorkspace({ name })
    const { client, calls } = counting(person.client())
    const found = await client.list.workspaces({ pageSize: 3 }).collect()
    // Everybody has one from the start.
    expect(found.slice(1).map(({ name }) => name)).toEqual(names)
    expect(calls()).toBe(4)
  })

  test('public workspaces', async () => {
    const person = (await testServer().stranger()).client()
    const ids: string[] = []
    for (const number of upTo(9)) {
      const { id } = await person.createWorkspace({ name: `Shop window ${number}` })
      await person.updateWorkspace({ id, isPublic: true })
      ids.push(id)
    }
    const shown = await testServer()
      .owner.client()
      .list.publicWorkspaces({ pageSize: 2, search: 'shop WINDOW' })
      .collect()
    expect(shown.map(({ id }) => id)).toEqual(ids)
  })

  test('members', async () => {
    const { client: owner } = await newWorkspace(testServer())
    const emails = upTo(10).map((number) => `member${number}@example.org`)
    for (const email of emails) await owner.createWorkspaceMember({ email, role: 'viewer' })
    const { client, calls } = counting(owner)
    const members = await client.list.workspaceMembers({ pageSize: 3 }).collect()
    expect(members.map(({ email }) => email)).toEqual([testServer().owner.email, ...emails])
    expect(calls()).toBe(4)
  })

  test('audit records, which have no helper: by hand, as the official CLI drains a list', async () => {
    const { id, client } = await newWorkspace(testServer())
    for (const number of upTo(12)) await client.updateWorkspace({ id, name: `Name ${number}` })
    const records = []
    let pages = 0
    let nextToken: string | undefined
    do {
      const page = await client.getAuditRecords({ id, pageSize: 4, ...(nextToken === undefined ? {} : { nextToken }) })
      records.push(...page.records)
      nextToken = page.meta.nextToken
      pages += 1
    } while (nextToken)
    expect(pages).toBe(4)
    expect(records).toHaveLength(13)
    expect(new Set(records.map((record) => record.id)).size).toBe(13)
    const times = records.map(({ recordedAt }) => recordedAt)
    expect(times).toEqual(times.toSorted().toReversed())
    expect(records.at(-1)?.action).toBe('CREATE_WORKSPACE')
  })
})
