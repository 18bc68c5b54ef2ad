import { queryOptions } from '@tanstack/react-query'
import { connection } from '../../session/connection.ts'
import { AuthError } from '../sign-in/auth.ts'

export interface SignInState {
  secondFactor: boolean
  /** False for who signs in at an identity provider alone. */
  hasPassword: boolean
  /** Each way the person signs in: a password is the provider `credential`. */
  methods: readonly SignInMethod[]
}

export interface SignInMethod {
  id: string
  providerId: string
}

async function ask(path: string, signal: AbortSignal): Promise<unknown> {
  const response = await connection.fetch(`/auth/${path}`, { signal }).catch((cause: unknown) => {
    throw new AuthError('OFFLINE', 'Steward does not answer. Check that it is running.', { cause })
  })
  if (response.ok) return response.json()
  throw new AuthError(String(response.status), `Sign-in failed (HTTP ${response.status}). Try again in a moment.`)
}

/** How the person signs in, as the session library knows it. */
export function signInStateOptions() {
  return queryOptions({
    queryKey: ['auth', 'state'],
    queryFn: async ({ signal }): Promise<SignInState> => {
      const [session, methods] = await Promise.all([ask('get-session', signal), ask('list-accounts', signal)])
      return readState(session, methods)
    },
  })
}

/** @throws AuthError when there is no session. */
export function readState(session: unknown, methods: unknown): SignInState {
  const user = (session as { user?: { twoFactorEnabled?: unknown } } | null)?.user
  if (!user) throw new AuthError('NO_SESSION', 'This requires a session in a browser. Sign in again.')
  const ways = Array.isArray(methods) ? (methods as SignInMethod[]) : []
  return {
    secondFactor: user.twoFactorEnabled === true || user.twoFactorEnabled === 1,
    hasPassword: ways.some(({ providerId }) => providerId === 'credential'),
    methods: ways.map(({ id, providerId }) => ({ id, providerId })),
  }
}
