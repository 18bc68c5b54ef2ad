import { createApi, localActor, personOfEmail, type Actor, type AppContext } from '@steward/api/server'
import type { Stores } from '@steward/db'
import { exitCode, CliError } from '../exit.ts'

/** What may act on the command line: a person of the installation, or the installation itself. */
export interface Acting {
  app: AppContext
  actor: Actor
}

/** The person with this email, acting as from the console of the machine itself. @throws CliError when there is none. */
export async function actorOfEmail(stores: Stores, email: string): Promise<Actor> {
  const userId = await personOfEmail(stores, email)
  if (userId !== null) return localActor(userId)
  throw new CliError(
    exitCode.failed,
    `There is nobody with the email ${email}. Create the first owner with: steward owner create --email ${email} --password-stdin`,
  )
}

export const systemActor: Actor = { kind: 'system', name: 'command line' }

/** Runs `work` with the in-process caller of the whole router. */
export async function withCaller<T>(
  { app, actor }: Acting,
  work: (caller: ReturnType<ReturnType<typeof createApi>['caller']>) => Promise<T>,
): Promise<T> {
  const api = createApi(app)
  try {
    return await work(api.caller(actor))
  } finally {
    await api.close()
  }
}
