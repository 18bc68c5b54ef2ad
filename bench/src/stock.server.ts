// Stock tRPC: its standalone adapter over Kysely's own SQLite dialect, with the same lookups and the same output schema.
import { initTRPC, TRPCError } from '@trpc/server'
import { createHTTPServer } from '@trpc/server/adapters/standalone'
import type { MainSchema } from '@steward/db'
import { bot } from '@steward/api/schema'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

const db = new Kysely<MainSchema>({
  dialect: new SqliteDialect({ database: new Database(process.argv[2] ?? '', { readonly: true }) }),
})

async function createContext({ req }: { req: IncomingMessage }) {
  const token = (req.headers.authorization ?? '').slice('Bearer '.length)
  const hash = createHash('sha256').update(token).digest('hex')
  return { token: await db.selectFrom('personal_access_token').selectAll().where('hash', '=', hash).executeTakeFirst() }
}

const t = initTRPC.context<typeof createContext>().create()

const appRouter = t.router({
  bot: t.router({
    get: t.procedure
      .use(({ ctx, next }) => {
        if (!ctx.token) throw new TRPCError({ code: 'UNAUTHORIZED' })
        return next({ ctx: { token: ctx.token } })
      })
      .input(bot.getBotInput)
      .output(bot.getBotOutput)
      .query(async ({ ctx, input }) => {
        const row = await db.selectFrom('bot').selectAll().where('id', '=', input.id).executeTakeFirstOrThrow()
        const member = await db
          .selectFrom('member')
          .selectAll()
          .where('workspace_id', '=', row.workspace_id)
          .where('user_id', '=', ctx.token.user_id)
          .executeTakeFirst()
        if (!member) throw new TRPCError({ code: 'NOT_FOUND' })
        const secrets = await db.selectFrom('bot_secret').select('name').where('bot_id', '=', row.id).execute()
        return {
          bot: {
            ...JSON.parse(row.document),
            id: row.id,
            name: row.name,
            createdAt: row.created_at,
            updatedAt: row.updated_at,
            signingSecret: '',
            tags: JSON.parse(row.tags),
            dev: row.dev === 1,
            secrets: secrets.map((secret) => secret.name),
            alwaysAlive: row.always_alive === 1,
            status: row.status,
            type: row.type,
          },
        }
      }),
  }),
})

const server = createHTTPServer({ router: appRouter, createContext })
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
