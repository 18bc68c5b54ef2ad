import { type Mail, MailRefused } from '@steward/api/server'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../config.ts'
import { mailFrom, type MailSettings } from './settings.ts'
import { createSmtpMailer, type MailOutcome, tryMailServer } from './smtp.ts'
import { startMailServer } from './mail.testing.ts'

const mail: Mail = { to: 'ada@example.org', subject: 'Hello', text: 'Plain words\n', html: '<p>Plain words</p>' }
const limits = { connect: 400, silence: 400, whole: 800 }

function settingsOf(url: string): MailSettings {
  const { mail: settings } = readConfig({ STEWARD_SMTP_URL: url, STEWARD_MAIL_FROM: 'Steward <s@example.org>' }, '/')
  if (!settings) throw new Error('There are no settings.')
  return settings
}

async function serverWith(options: Parameters<typeof startMailServer>[0] = {}) {
  const server = await startMailServer(options)
  onTestFinished(() => server.close())
  return server
}

/** A machine that talks as it likes. */
async function hostile(talk: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    talk(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}?tls=none`
}

test('a message arrives as text and HTML, from the address that is set', async () => {
  const server = await serverWith()
  const outcomes: MailOutcome[] = []
  await createSmtpMailer(settingsOf(server.url), { observe: (one) => outcomes.push(one) }).send(mail)
  expect(server.received).toMatchObject([{ from: 's@example.org', to: ['ada@example.org'] }])
  const [{ raw } = { raw: '' }] = server.received
  expect(raw).toContain('From: Steward <s@example.org>')
  expect(raw).toContain('To: ada@example.org')
  expect(raw).toContain('Subject: Hello')
  expect(raw).toContain('Auto-Submitted: auto-generated')
  expect(raw).toContain('text/plain')
  expect(raw).toContain('text/html')
  expect(outcomes).toEqual(['sent'])
  await tryMailServer(settingsOf(server.url))
})

test('user and password are used, and stand in no failure', async () => {
  const seen: (string | null | undefined)[] = []
  const server = await serverWith({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) => {
      seen.push(username, password)
      if (password === 'p@ss/word') done(null, { user: username })
      else done(new Error(`no, ${password} is wrong`))
    },
  })
  await createSmtpMailer(settingsOf(`smtp://me%40x:p%40ss%2Fword@127.0.0.1:${server.port}`)).send(mail)
  expect(seen).toEqual(['me@x', 'p@ss/word'])
  const wrong = createSmtpMailer(settingsOf(`smtp://me:hunter2hunter2@127.0.0.1:${server.port}`)).send(mail)
  const failure = await wrong.catch((cause: unknown) => cause)
  expect(failure).toEqual(
    new Error('The mail server did not accept the message: it rejected the user name or password (535).'),
  )
})

test.each([
  'ada@example.org\r\nBcc: eve@example.org',
  'ada@example.org, eve@example.org',
  'ada@example.org> RCPT TO:<eve@example.org',
  '"ada@example.org, eve"@example.org',
  'Ada <ada@example.org>',
  'ada@exämple.org',
  '',
])('nothing is sent to %j', async (to) => {
  const server = await serverWith()
  await expect(createSmtpMailer(settingsOf(server.url)).send({ ...mail, to })).rejects.toBeInstanceOf(MailRefused)
  expect(server.received).toEqual([])
})

test('a subject cannot become a header, and a text cannot end the message', async () => {
  const server = await serverWith()
  const subject = 'Join\r\nBcc: eve@example.org\r\n\r\nbody'
  await createSmtpMailer(settingsOf(server.url)).send({
    ...mail,
    subject,
    text: 'one\r\n.\r\nMAIL FROM:<eve@example.org>',
  })
  expect(server.received).toHaveLength(1)
  expect(server.received[0]?.raw).not.toMatch(/^bcc:/im)
  expect(server.received[0]?.to).toEqual(['ada@example.org'])
})

test('a recipient that the server refuses for good is not tried again; other refusals may be', async () => {
  const refusing = (responseCode: number) =>
    serverWith({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('who is\x1b[31m that'), { responseCode })),
    })
  const outcomes: MailOutcome[] = []
  const send = async (code: number) =>
    createSmtpMailer(settingsOf((await refusing(code)).url), { observe: (one) => outcomes.push(one) })
      .send(mail)
      .catch((cause: unknown) => cause)
  expect(await send(550)).toEqual(
    new MailRefused('the mail server did not accept it: it rejected the sender or the recipient (550).'),
  )
  expect(await send(450)).toEqual(
    new Error('The mail server did not accept the message: it rejected the sender or the recipient (450).'),
  )
  expect(outcomes).toEqual(['refused', 'failed'])
})

test.each<[string, (socket: Socket) => void]>([
  ['says nothing', () => {}],
  ['says one letter at a time', (socket) => void setInterval(() => socket.write('2'), 20).unref()],
  ['greets without end', (socket) => void setInterval(() => socket.write('220-hello\r\n'), 5).unref()],
  ['sends a line without end', (socket) => void setInterval(() => socket.write('2'.repeat(32_768)), 1).unref()],
  ['hangs up', (socket) => void socket.end('220 hello\r\n')],
  ['is no mail server', (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
])('a server that %s fails in bounded time', async (_what, talk) => {
  const settings = settingsOf(await hostile(talk))
  await expect(createSmtpMailer(settings, { limits }).send(mail)).rejects.toThrow(
    /^The mail server did not accept the message: /,
  )
  await expect(tryMailServer(settings, limits)).rejects.toThrow(/^The mail server did not accept the message: /)
})

test('a server on another machine without TLS is refused before anything is said to it', () => {
  expect(settingsOf('smtp://mail.example.org')).toMatchObject({ port: 587, tls: 'required', login: null })
  expect(settingsOf('smtps://mail.example.org')).toMatchObject({ port: 465, tls: 'implicit' })
  expect(settingsOf('smtp://mail.example.org:25?tls=none')).toMatchObject({ port: 25, tls: 'none' })
  expect(settingsOf('smtp://localhost:25')).toMatchObject({ tls: 'offered' })
})

test('TLS that is required and not offered ends the sending', async () => {
  const server = await serverWith()
  const settings: MailSettings = { ...settingsOf(server.url), tls: 'required' }
  await expect(createSmtpMailer(settings).send(mail)).rejects.toThrow('it offers no TLS')
  expect(server.received).toEqual([])
})

test.each([
  ['s@example.org', { name: '', address: 's@example.org' }],
  ['Steward <s@example.org>', { name: 'Steward', address: 's@example.org' }],
  [' Steward  <s@example.org>', { name: 'Steward', address: 's@example.org' }],
])('%j is a sender', (text, from) => {
  expect(mailFrom.parse(text)).toEqual(from)
})

test.each([
  [{ STEWARD_SMTP_URL: 'smtp://mail.example.org' }, 'STEWARD_MAIL_FROM is missing'],
  [{ STEWARD_SMTP_URL: 'mail.example.org' }, 'STEWARD_SMTP_URL must start with smtp:// or smtps://'],
  [{ STEWARD_SMTP_URL: 'smtp://' }, 'STEWARD_SMTP_URL must have a host, such as'],
  [{ STEWARD_SMTP_URL: 'smtp://u:hunter2%@h' }, 'percent-encoding'],
  [{ STEWARD_SMTP_URL: 'smtp://h?pool=true' }, 'can have only ?tls=none after the host'],
  [{ STEWARD_SMTP_URL: 'smtps://h?tls=none' }, 'cannot use smtps://'],
  [{ STEWARD_MAIL_FROM: 'Steward' }, 'STEWARD_MAIL_FROM must be an address'],
  [{ STEWARD_MAIL_FROM: 'a@b.org, c@d.org' }, 'STEWARD_MAIL_FROM must be an address'],
])('%j is refused in words', (given, words) => {
  const env: Record<string, string> = { ...given }
  expect(() => readConfig(env, '/')).toThrow(words)
  expect(() => readConfig(env, '/')).not.toThrow('hunter2')
})
