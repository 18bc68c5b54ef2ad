import type { DBAdapter } from 'better-auth/types'
import type { Fact, UnitOfWork } from './unit-of-work.ts'
import { essence } from './unit-of-work.ts'

type Where = Parameters<DBAdapter['deleteMany']>[0]['where']
type Row = Record<string, unknown>

/** State between two steps of a sign-in, and counters of wrong codes: they must stay when the request is refused. */
const counters = new Set(['failedVerificationCount', 'lockedUntil'])
const isPassing = (model: string): boolean => model === 'verification'
const isCounting = (values: object | undefined): boolean =>
  Object.keys(values ?? {}).every((name) => counters.has(name))

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const asked = (where: Where | undefined, field: string): unknown => where?.find((part) => part.field === field)?.value
const unknown = (what: string, model: string): Error =>
  new Error(`The sign-in library wants to ${what} "${model}", and nobody has said how that is recorded.`)

export interface Collecting {
  /** Of the request under way. */
  work: () => UnitOfWork
  /** Gives rows theirs. */
  id: () => string
  /** Told of a second factor that a code is asked of; may refuse by throwing. */
  factorAsked: (factor: Factor) => Promise<void>
}

interface Factor {
  userId: string
  secret: string
}

/**
 * Lets the sign-in library change nobody by itself: statements about people, their passwords, second factors and
 * sessions are collected as the `UnitOfWork` of the request, to be done in one write that leaves its record. What has no name
 * there is refused. The library reads what is stored; of its own changes it asks only for a session just made.
 */
export function withBuffer(inner: DBAdapter, { work, id, factorAsked }: Collecting): DBAdapter {
  return {
    ...inner,
    create: async <T extends Row, R = T>(input: Parameters<typeof inner.create<T, R>>[0]) => {
      if (isPassing(input.model)) return inner.create<T, R>(input)
      const data = { ...input.data, id: id() }
      const userId = text(data['userId'])
      const run = (adapter: DBAdapter) => adapter.create({ ...input, data, forceAllowId: true })
      if (input.model === 'session')
        work().add({ fact: 'session made', userId, run, session: { ...data, token: data['token'] } })
      else if (input.model === 'twoFactor') work().add({ fact: 'factor prepared', userId, run })
      else if (input.model === 'account')
        work().add({ fact: 'method added', userId, run, provider: text(data['providerId']) })
      else throw unknown('create', input.model)
      return data as unknown as R
    },
    findOne: async <T>(input: Parameters<typeof inner.findOne>[0]) => {
      const row = await inner.findOne<T>(input)
      if (!isPassing(input.model))
        work().note({ found: essence(row), again: async (adapter) => essence(await adapter.findOne(input)) })
      if (input.model === 'twoFactor' && row !== null) await factorAsked(row as unknown as Factor)
      return row
    },
    findMany: async <T>(input: Parameters<typeof inner.findMany>[0]) => {
      const made = input.model === 'session' ? work().sessionMade(asked(input.where, 'token') ?? '') : undefined
      if (made) return [made as T]
      const rows = await inner.findMany<T>(input)
      if (input.model === 'account')
        work().note({ found: essence(rows), again: async (adapter) => essence(await adapter.findMany(input)) })
      return rows
    },
    update: async <T>(input: Parameters<typeof inner.update>[0]) => {
      if (isPassing(input.model) || isCounting(input.update)) return inner.update<T>(input)
      const row = await inner.findOne<Row>(input)
      if (!row) return null
      const fact = factOf(input.model, input.update)
      const userId = text(row[input.model === 'user' ? 'id' : 'userId'])
      if (fact) work().add({ fact, userId, run: (adapter) => adapter.update(input) })
      return { ...row, ...input.update } as T
    },
    updateMany: (input) => {
      if (isPassing(input.model)) return inner.updateMany(input)
      throw unknown('update many of', input.model)
    },
    delete: async (input) => {
      if (isPassing(input.model)) return inner.delete(input)
      if (input.model === 'session' && work().unmakeSession(asked(input.where, 'token') ?? '')) return
      const row = await inner.findOne<Row>(input)
      if (!row) return
      const run = (adapter: DBAdapter) => adapter.delete(input)
      const userId = text(row['userId'])
      if (input.model === 'session') work().add({ fact: 'session ended', userId, run })
      else if (input.model === 'twoFactor') work().add({ fact: 'factor removed', userId, run })
      else if (input.model === 'account')
        work().add({ fact: 'method removed', userId, run, provider: text(row['providerId']) })
      else throw unknown('delete', input.model)
    },
    deleteMany: async (input) => {
      if (isPassing(input.model)) return inner.deleteMany(input)
      const userId = text(asked(input.where, 'userId'))
      if (input.model !== 'session' || !userId) throw unknown('delete many of', input.model)
      work().add({ fact: 'session ended', userId, run: (adapter) => adapter.deleteMany(input) })
      return inner.count(input)
    },
    consumeOne: async <T>(input: Parameters<typeof inner.consumeOne>[0]) => {
      if (isPassing(input.model)) return inner.consumeOne<T>(input)
      throw unknown('consume', input.model)
    },
    incrementOne: async <T>(input: Parameters<typeof inner.incrementOne>[0]) => {
      if (isPassing(input.model) || isCounting({ ...input.increment, ...input.set }))
        return inner.incrementOne<T>(input)
      if (input.model !== 'twoFactor' || !input.set || !('backupCodes' in input.set))
        throw unknown('count in', input.model)
      const row = await inner.findOne<Row>(input)
      if (!row) return null
      work().add({ fact: 'code spent', userId: text(row['userId']), run: (adapter) => adapter.incrementOne(input) })
      return { ...row, ...input.set } as T
    },
  }
}

/** Null for what is not kept: of an identity at a provider nothing is, beside that it is there. */
function factOf(model: string, values: Row): Fact | null {
  if (model === 'account') return 'password' in values ? 'password changed' : null
  if (model === 'user' && 'twoFactorEnabled' in values)
    return values['twoFactorEnabled'] === true ? 'factor confirmed' : 'factor removed'
  if (model === 'user' && values['emailVerified'] === true) return 'email verified'
  if (model === 'twoFactor' && values['verified'] === true) return 'factor confirmed'
  if (model === 'twoFactor' && 'secret' in values) return 'factor prepared'
  if (model === 'twoFactor' && 'backupCodes' in values) return 'codes renewed'
  throw unknown('update', model)
}
