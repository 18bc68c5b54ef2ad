import type { DBAdapter } from 'better-auth/types'
import { sha256 } from '../../core/secrets.ts'

type Where = Parameters<DBAdapter['deleteMany']>[0]['where']

/** The tokens that one call named in clear, by their hash: what the library asks with, it gets back. */
type Named = Map<string, string>

/**
 * Keeps session tokens out of the database: the sign-in library works with them in clear, the table holds their
 * SHA-256. A row that was not asked for by its token shows the hash, which opens nothing.
 */
export function withHashedSessions(inner: DBAdapter): DBAdapter {
  const hide = (token: string, named: Named): string => {
    const hash = sha256(token)
    named.set(hash, token)
    return hash
  }
  const hideIn = <T extends object>(data: T, named: Named): T =>
    'token' in data && typeof data.token === 'string' ? { ...data, token: hide(data.token, named) } : data
  const hideWhere = (where: Where, named: Named): Where =>
    where.map((part) => {
      if (part.field !== 'token') return part
      if (typeof part.value === 'string') return { ...part, value: hide(part.value, named) }
      if (Array.isArray(part.value)) return { ...part, value: part.value.map((token) => hide(String(token), named)) }
      return part
    })
  const show = <T>(row: T, named: Named): T => {
    if (typeof row !== 'object' || row === null || !('token' in row)) return row
    return { ...row, token: named.get(String(row.token)) ?? row.token }
  }
  const isSession = (input: { model: string }): boolean => input.model === 'session'

  return {
    ...inner,
    create: async <T extends Record<string, unknown>, R = T>(input: Parameters<typeof inner.create<T, R>>[0]) => {
      if (!isSession(input)) return inner.create<T, R>(input)
      const named: Named = new Map()
      return show(await inner.create<T, R>({ ...input, data: hideIn(input.data, named) }), named)
    },
    findOne: async <T>(input: Parameters<typeof inner.findOne>[0]) => {
      if (!isSession(input)) return inner.findOne<T>(input)
      const named: Named = new Map()
      return show(await inner.findOne<T>({ ...input, where: hideWhere(input.where, named) }), named)
    },
    findMany: async <T>(input: Parameters<typeof inner.findMany>[0]) => {
      if (!isSession(input) || !input.where) return inner.findMany<T>(input)
      const named: Named = new Map()
      const rows = await inner.findMany<T>({ ...input, where: hideWhere(input.where, named) })
      return rows.map((row) => show(row, named))
    },
    count: (input) =>
      inner.count(isSession(input) && input.where ? { ...input, where: hideWhere(input.where, new Map()) } : input),
    update: async <T>(input: Parameters<typeof inner.update>[0]) => {
      if (!isSession(input)) return inner.update<T>(input)
      const named: Named = new Map()
      const hidden = { ...input, where: hideWhere(input.where, named), update: hideIn(input.update, named) }
      return show(await inner.update<T>(hidden), named)
    },
    updateMany: (input) => {
      const named: Named = new Map()
      return inner.updateMany(
        isSession(input)
          ? { ...input, where: hideWhere(input.where, named), update: hideIn(input.update, named) }
          : input,
      )
    },
    delete: (input) => inner.delete(isSession(input) ? { ...input, where: hideWhere(input.where, new Map()) } : input),
    deleteMany: (input) =>
      inner.deleteMany(isSession(input) ? { ...input, where: hideWhere(input.where, new Map()) } : input),
    consumeOne: async <T>(input: Parameters<typeof inner.consumeOne>[0]) => {
      if (!isSession(input)) return inner.consumeOne<T>(input)
      const named: Named = new Map()
      return show(await inner.consumeOne<T>({ ...input, where: hideWhere(input.where, named) }), named)
    },
    incrementOne: async <T>(input: Parameters<typeof inner.incrementOne>[0]) => {
      if (!isSession(input)) return inner.incrementOne<T>(input)
      const named: Named = new Map()
      return show(await inner.incrementOne<T>({ ...input, where: hideWhere(input.where, named) }), named)
    },
  }
}
