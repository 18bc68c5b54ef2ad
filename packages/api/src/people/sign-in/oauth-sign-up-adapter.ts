import type { DBAdapter } from 'better-auth/types'

/** A person whom an identity provider has vouched for, as the sign-in library would store them. */
export interface Newcomer {
  id: string
  email: string
  emailVerified: boolean
  name: string
  picture: string | null
  providerId: string
  /** The person's id at the provider. */
  subject: string
}

/** How newcomers become people: `id` gives them theirs, `welcome` writes them. */
export interface OauthSignUp {
  id(): string
  welcome(newcomer: Newcomer): Promise<void>
}

/** What stands for an address that breaks the rule: nobody has it. */
export const noAddress = 'nobody@address.invalid'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/**
 * Lets the sign-in library make nobody by itself. It makes a person and their sign-in method in one transaction; both
 * are only collected there and then handed to `welcome`, which writes them with everything else a person needs.
 * Its other transactions need none here: what changes a person is collected anyway (see `withBuffer`), and what
 * passes between two steps of a sign-in are single statements.
 */
export function withOauthSignUp(inner: DBAdapter, reception: OauthSignUp): DBAdapter {
  const refuse = async <T extends Record<string, unknown>, R = T>(input: Parameters<typeof inner.create<T, R>>[0]) => {
    if (input.model === 'user') throw new Error('People are created by Steward, not by the sign-in library.')
    return inner.create<T, R>(input)
  }
  return {
    ...inner,
    create: refuse,
    transaction: async (run) => {
      const person: Record<string, unknown> = {}
      const method: Record<string, unknown> = {}
      const collect = async <T extends Record<string, unknown>, R = T>(
        input: Parameters<typeof inner.create<T, R>>[0],
      ): Promise<R> => {
        if (input.model === 'user') return Object.assign(person, input.data, { id: reception.id() }) as R
        if (input.model === 'account' && 'id' in person)
          return Object.assign(method, input.data, { id: reception.id() }) as R
        return inner.create<T, R>(input)
      }
      const result = await run({ ...inner, create: collect })
      if ('id' in person) await reception.welcome(newcomerOf(person, method))
      return result
    },
  }
}

function newcomerOf(person: Record<string, unknown>, method: Record<string, unknown>): Newcomer {
  return {
    id: text(person['id']),
    email: text(person['email']),
    emailVerified: person['emailVerified'] === true,
    name: text(person['name']),
    picture: text(person['image']) || null,
    providerId: text(method['providerId']),
    subject: text(method['accountId']),
  }
}
