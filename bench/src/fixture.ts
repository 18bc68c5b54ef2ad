import {
  accountRow,
  botRow,
  memberRow,
  rowTime,
  signInMethodRow,
  tokenRow,
  userRow,
  workspaceRow,
} from '@steward/testkit'
import type { MainSchema, Stores, Tx } from '@steward/db'
import { openInstallation } from '@steward/installation'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

/** A data folder with one person, a token, a small workspace and a large one. */
export interface Fixture {
  folder: string
  /** STEWARD_SECRET_KEY of the servers that open it. */
  secret: string
  token: string
  /** How the person signs in at the console. */
  email: string
  password: string
  userId: string
  /** 1,000 bots. */
  small: string
  /** 100,000 bots. */
  large: string
  botId: string
  remove(): void
}

const userId = '00000000-0000-4000-a000-000000000001'
const email = 'bench@example.com'
const password = 'a sentence is easiest to keep'
const accountId = 'accnt_00000000000000000000000001'
const ulid = (prefix: string, n: number): string => `${prefix}_${String(n).padStart(26, '0')}`

/** The token format of the product: its checksum must fit, or the endpoint refuses it unread. */
function benchToken(): string {
  const body = `bp_pat_${'b'.repeat(43)}`
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  let text = ''
  for (let rest = crc32(body); rest > 0; rest = Math.floor(rest / 62)) text = digits.charAt(rest % 62) + text
  return body + text.padStart(6, '0')
}

const emptyDocument = {
  configuration: { data: {}, schema: {} },
  user: { tags: {} },
  conversation: { tags: {} },
  message: { tags: {} },
  states: {},
  events: {},
  recurringEvents: {},
  subscriptions: { events: {} },
  actions: {},
  medias: [],
  integrations: {},
  plugins: {},
}

/** @param document the stored form of a bot without definitions, as `bot.create` writes it. */
export async function makeFixture(largeBots = 100_000): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-bench-'))
  const token = benchToken()
  const fixture = {
    folder,
    secret: Buffer.alloc(32, 5).toString('base64'),
    token,
    email,
    password,
    userId,
    small: ulid('wkspace', 1),
    large: ulid('wkspace', 2),
    botId: ulid('bot', 1),
  }
  const place = { dataFolder: folder, databaseUrl: null, secretKey: Buffer.from(fixture.secret, 'base64') }
  const settings = { publicUrl: 'http://127.0.0.1', signUp: 'invited' as const }
  const { app, stores, close } = await openInstallation(place, { settings })
  try {
    const hash = await app.signIn.hashPassword(password)
    await stores.main.write((tx) => person(tx, { token, hash }))
    await workspace(stores, { id: fixture.small, first: 1, bots: 1_000 })
    await workspace(stores, { id: fixture.large, first: 1_000_001, bots: largeBots })
  } finally {
    await close()
  }
  return { ...fixture, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

async function person(tx: Tx<MainSchema>, secrets: { token: string; hash: string }): Promise<void> {
  await tx
    .insertInto('user')
    .values(userRow({ id: userId, email, operator: 1 }))
    .execute()
  await tx
    .insertInto('account')
    .values(accountRow({ id: accountId, user_id: userId }))
    .execute()
  await tx
    .insertInto('account_administrator')
    .values({ account_id: accountId, user_id: userId, created_at: rowTime })
    .execute()
  const hash = createHash('sha256').update(secrets.token).digest('hex')
  // Used a long time from now: noting a token's use is not what is measured.
  await tx
    .insertInto('personal_access_token')
    .values(tokenRow({ id: ulid('pat', 1), user_id: userId, hash, last_used_at: '2100-01-01T00:00:00.000Z' }))
    .execute()
  await tx
    .insertInto('sign_in_method')
    .values(
      signInMethodRow({
        id: '00000000-0000-4000-a000-000000000002',
        user_id: userId,
        provider_id: 'credential',
        password: secrets.hash,
      }),
    )
    .execute()
}

async function workspace(
  stores: Stores,
  { id, first, bots }: { id: string; first: number; bots: number },
): Promise<void> {
  const member = id.replace('wkspace', 'member')
  await stores.main.write(async (tx) => {
    await tx
      .insertInto('workspace')
      .values(workspaceRow({ id, account_id: accountId, bot_count: bots, owner_member_id: member }))
      .execute()
    await tx
      .insertInto('member')
      .values(memberRow({ id: member, workspace_id: id, user_id: userId, email, role: 'owner' }))
      .execute()
  })
  const document = JSON.stringify(emptyDocument)
  for (let done = 0; done < bots; done += 1_000)
    await stores.main.write(async (tx) => {
      for (let part = 0; part < 1_000; part += 100)
        await tx
          .insertInto('bot')
          .values(Array.from({ length: 100 }, (_, i) => bot(id, { n: first + done + part + i, document })))
          .execute()
    })
}

function bot(workspace_id: string, { n, document }: { n: number; document: string }) {
  const created_at = new Date(Date.parse(rowTime) + n * 1_000).toISOString()
  return botRow({ id: ulid('bot', n), workspace_id, name: `Bot ${n}`, document, created_by: userId, created_at })
}
