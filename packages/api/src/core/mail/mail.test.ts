import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { authorize } from '../access/access.ts'
import { day, hour, minute } from '../clock.ts'
import type { Log } from '../app-context.ts'
import { silentLog, storesOf } from '../app-context.ts'
import type { Letter, Mail } from './mail.ts'
import { mailMessage, MailRefused, oneLine, sendMail, timeInWords } from './mail.ts'
import { takeAskedShare } from './mail-share.ts'
import { startOutbox } from '../write/outbox.ts'
import { anonymous, seedPerson, testApp, testRequest } from '../app.testing.ts'
import { write } from '../write/write.ts'

const letter: Letter = {
  to: 'ada@example.com',
  subject: 'Join Acme',
  paragraphs: ['You are invited.'],
  link: { label: 'Join', address: 'http://h/invitations#stw_inv_secret' },
  foot: 'Good for a week.',
}
const never = { after: () => () => {} }

eachDialect('mail', (open) => {
  async function fixture(answers: (Error | null)[] = [], mailed = true) {
    const sent: Mail[] = []
    const logged: string[] = []
    const send = async (mail: Mail): Promise<void> => {
      const failure = answers.shift()
      if (failure) throw failure
      sent.push(mail)
    }
    const note = (fields: object, text: string): void =>
      void logged.push(
        `${text} ${JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? value.stack : value))}`,
      )
    const log: Log = { ...silentLog, warn: note, error: note }
    const { app, clock } = testApp(await open(), { mailer: mailed ? { send } : null, log })
    const ada = await seedPerson(app, 'ada@example.com')
    const ctx = await authorize({ app, actor: ada.actor, request: testRequest }, 'me.update', {})
    const put = (given: Letter = letter, until = clock.now() + 7 * day) =>
      write({ ...ctx }, 'UNKNOWN', async () => ({
        answer: {},
        changes: [],
        audit: { type: 'user', id: ada.userId },
        outbox: [mailMessage(app, given, until)],
      }))
    const outbox = startOutbox(app, { 'mail.send': sendMail(app) }, never)
    const rows = () => storesOf(app).main.reader.selectFrom('outbox').selectAll().execute()
    return { app, clock, put, outbox, rows, sent, logged }
  }

  test('is sent after the commit; until then nobody can read it', async () => {
    const s = await fixture()
    await s.put()
    expect(JSON.stringify(await s.rows())).not.toMatch(/stw_inv|ada@|Acme/)
    await s.outbox.wake()
    expect(s.sent).toMatchObject([{ to: 'ada@example.com', subject: 'Join Acme' }])
    expect(s.sent[0]?.text).toBe('You are invited.\n\nJoin:\nhttp://h/invitations#stw_inv_secret\n\nGood for a week.\n')
    expect(await s.rows()).toEqual([])
  })

  test('is tried again later, longer each time, and says so without what it holds', async () => {
    const s = await fixture([
      new Error('The mail server did not take it.'),
      new Error('The mail server did not take it.'),
    ])
    await s.put()
    await s.outbox.wake()
    await s.outbox.wake()
    expect(await s.rows()).toMatchObject([{ attempts: 1, last_error: 'Error: The mail server did not take it.' }])
    s.clock.advance(minute)
    await s.outbox.wake()
    s.clock.advance(minute)
    await s.outbox.wake()
    expect([s.sent.length, await s.rows()]).toEqual([1, []])
    expect(s.logged).toHaveLength(2)
    expect(s.logged.join()).not.toMatch(/stw_inv|ada@|Acme/)
  })

  test('ends when its link has, when the server refuses for good, and after a day and a half', async () => {
    const s = await fixture([new MailRefused('it refuses the recipient (550).')])
    await s.put()
    await s.outbox.wake()
    expect([s.sent, await s.rows()]).toEqual([[], []])
    expect(s.logged.at(-1)).toContain('An email was not sent: it refuses the recipient (550).')

    const late = await fixture([new Error('no')])
    await late.put(letter, late.clock.now() + hour)
    await late.outbox.wake()
    late.clock.advance(hour)
    await late.outbox.wake()
    expect([late.sent, await late.rows()]).toEqual([[], []])
    expect(late.logged.at(-1)).toContain('expired before')

    const down = await fixture(Array.from({ length: 100 }, () => new Error('no')))
    await down.put()
    let tries = 0
    for (; (await down.rows()).length > 0; tries++) {
      down.clock.advance(hour)
      await down.outbox.wake()
    }
    expect(tries).toBe(45)
    expect(down.logged.at(-1)).toContain('failed too many times')
  })

  test('without a mail server it is dropped, and said', async () => {
    const s = await fixture([], false)
    await s.put()
    await s.outbox.wake()
    expect(await s.rows()).toEqual([])
    expect(s.logged.at(-1)).toContain('no longer has a mail server')
  })

  test('holds up nothing else', async () => {
    const s = await fixture()
    await s.put()
    const quick = startOutbox(s.app, { 'blob.collect': async () => {} }, never)
    await quick.wake()
    expect((await s.rows()).map(({ topic, attempts }) => [topic, attempts])).toEqual([['mail.send', 0]])
  })

  test('names are text: on one line in the subject, and no HTML', async () => {
    const s = await fixture()
    const name = '<img src=x onerror=alert(1)>\r\nBcc: eve@example.com\u202e "&\''
    await s.put({ ...letter, subject: `Join ${name}${'x'.repeat(300)}`, paragraphs: [`${name} invites you.`] })
    await s.outbox.wake()
    const [mail] = s.sent
    expect(mail?.subject).toMatch(/^Join <img src=x onerror=alert\(1\)> Bcc: eve@example.com "&'x+…$/)
    expect(mail?.subject).toHaveLength(151)
    expect(mail?.html).not.toContain('<img')
    expect(mail?.html).toContain(
      '&lt;img src=x onerror=alert(1)&gt; Bcc: eve@example.com &quot;&amp;&#39; invites you.',
    )
  })
})

eachDialect('mails that strangers ask for', (open) => {
  test('are eight a day for an address, however often they ask', async () => {
    const { app, clock } = testApp(await open())
    const ctx = { app, actor: anonymous, request: testRequest }
    const take = (to: string) => storesOf(app).main.write((tx) => takeAskedShare(tx, ctx, to))
    clock.advance(day - (clock.now() % day))
    const hours: number[] = []
    for (let turn = 0; turn < 144; turn++, clock.advance(10 * minute))
      await take('ada@example.com').then(
        () => hours.push(Math.floor(turn / 6)),
        (cause: unknown) => expect(cause).toMatchObject({ type: 'RateLimited' }),
      )
    expect(hours).toEqual([0, 0, 0, 4, 8, 12, 16, 20])
    await take('ada@example.com')
    clock.advance(3 * hour)
    for (let i = 0; i < 2; i++) await take('ada@example.com')
    await expect(take('ada@example.com')).rejects.toMatchObject({ metadata: { limit: 3, resetSeconds: 3600 } })
    await take('bob@example.com')
  })
})

test('one line keeps letters of every script, and their joiners', () => {
  expect(oneLine(' a\tb\n\u2028c\u0000 \u2066d ')).toBe('a b c d')
  expect(oneLine('👩\u200d🔧 नमस्ते')).toBe('👩\u200d🔧 नमस्ते')
})

test('times are said so that no reader takes them for local', () => {
  expect(timeInWords(Date.UTC(2026, 10, 30, 14, 5))).toBe('30 November 2026 at 14:05 UTC')
})
