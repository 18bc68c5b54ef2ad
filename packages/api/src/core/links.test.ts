import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { appRouter } from '../root.ts'
import { createEndpoints } from '../transport/api.ts'
import type { Mail } from './mail/mail.ts'
import { sendMail } from './mail/mail.ts'
import { startOutbox } from './write/outbox.ts'
import { seedPerson, seedWorkspace, testApp } from './app.testing.ts'

const listening = 'http://10.0.0.5:7420'

eachDialect('links', (open) => {
  /** Invites somebody over the address `reached`: the link in the answer, and the mail. */
  const inviting = async (publicUrlIsGuess: boolean, reached: string) => {
    const sent: Mail[] = []
    const { app } = testApp(await open(), {
      settings: { publicUrl: listening, publicUrlIsGuess, signUp: 'invited' },
      mailer: { send: async (mail: Mail) => void sent.push(mail) },
    })
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner)
    const body = JSON.stringify({ email: 'new@example.com', role: 'viewer', workspaceId, sendEmail: true })
    const headers = { 'content-type': 'application/json' }
    const request = new Request(`${reached}/trpc/member.invite`, { method: 'POST', headers, body })
    const answer = await createEndpoints(app, appRouter).handle(request, owner.actor)
    const { result } = (await answer.json()) as { result: { data: { link: string } } }
    await startOutbox(app, { 'mail.send': sendMail(app) }, { after: () => () => {} }).wake()
    return { link: result.data.link, mail: JSON.stringify(sent) }
  }

  it('in an answer begin with the address by which the caller came, where none is set; in mail never', async () => {
    const { link, mail } = await inviting(true, 'http://evil.example')
    expect(new URL(link).origin).toBe('http://evil.example')
    expect(mail).toContain(`${listening}/invitations`)
    expect(mail).not.toContain('evil')
  })

  it('begin with the public address where it is set, whatever host the caller claims', async () => {
    const { link, mail } = await inviting(false, 'http://evil.example')
    expect(new URL(link).origin).toBe(listening)
    expect(mail).toContain(link)
  })
})
