import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { appRouter } from '../root.ts'
import { createDoors } from '../transport/app.ts'
import { seedPerson, seedWorkspace, testHouse } from './testing.ts'

eachDialect('links in answers', (open) => {
  const inviting = async (settings: object, reached: string) => {
    const { house } = testHouse(await open(), {
      settings: { publicUrl: 'http://10.0.0.5:7420', signUp: 'invited', ...settings },
    })
    const owner = await seedPerson(house, 'owner@example.com')
    const workspaceId = await seedWorkspace(house, owner)
    const app = createDoors(house, appRouter)
    const body = JSON.stringify({ email: 'new@example.com', role: 'viewer', workspaceId })
    const headers = { 'content-type': 'application/json' }
    const request = new Request(`${reached}/trpc/member.invite`, { method: 'POST', headers, body })
    return (await app.handle(request, owner.actor)).text()
  }

  it('begin with the address by which the caller came, where none is set', async () => {
    expect(await inviting({ publicUrlIsGuess: true }, 'http://steward.lan:7420')).toContain(
      '"http://steward.lan:7420/invitations',
    )
  })

  it('begin with the public one where it is set, whatever host the caller claims', async () => {
    const answer = await inviting({}, 'http://evil.example')
    expect(answer).toContain('"http://10.0.0.5:7420/invitations')
    expect(answer).not.toContain('evil')
  })
})
