import { APIError } from 'better-auth/api'
import { authorize } from '../../core/access/access.ts'
import type { RequestInfo } from '../../core/context.ts'
import { emailAddress } from '../../core/email.schema.ts'
import { ApiError } from '../../core/errors.ts'
import type { AppContext } from '../../core/app-context.ts'
import { planPerson, writePerson } from './person.ts'
import { personName } from './sign-up.schema.ts'
import { maySignUp } from './sign-up.service.ts'
import type { Newcomer, OauthSignUp } from '../sign-in/oauth-sign-up-adapter.ts'
import { noAddress } from '../sign-in/oauth-sign-up-adapter.ts'
import type { Visit } from '../sign-in/record.ts'

/** Makes people of those who come from identity providers, by the same rules as `me.signUp`. */
export function oauthSignUp(app: AppContext, visit: () => Visit): OauthSignUp {
  return {
    id: () => app.ids.uuid(),
    welcome: async (newcomer) => {
      const { request, work } = visit()
      await welcome(app, request, newcomer)
      work.forgetReadings()
    },
  }
}

const refused = (code: string, message: string): APIError => new APIError('FORBIDDEN', { code, message })

async function welcome(app: AppContext, request: RequestInfo, newcomer: Newcomer): Promise<void> {
  const email = emailAddress.safeParse(newcomer.email)
  if (!email.success || email.data === noAddress)
    throw refused('email_not_usable', 'The provider gave no usable email.')
  if (!newcomer.emailVerified) throw refused('email_not_verified', 'The provider has not verified this email.')
  const ctx = await authorize({ app, actor: { kind: 'anonymous' }, request }, 'me.signUp', {})
  if (!(await maySignUp(ctx, email.data))) throw refused('sign_up_closed', 'Sign-up is by invitation only.')
  const name = personName.safeParse(newcomer.name.slice(0, 100))
  const plan = planPerson(app, {
    email: email.data,
    name: name.success ? name.data : (email.data.split('@')[0] ?? email.data),
    emailVerified: true,
    picture: pictureOf(newcomer.picture),
    method: { kind: 'provider', providerId: newcomer.providerId, subject: newcomer.subject },
  })
  try {
    await writePerson(ctx, { ...plan, userId: newcomer.id })
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    throw refused(cause.type === 'AlreadyExists' ? 'account_not_linked' : 'unable_to_create_user', cause.message)
  }
}

function pictureOf(address: string | null): string | null {
  return address !== null && address.length <= 2048 && /^https:\/\/[\x21-\x7e]+$/.test(address) ? address : null
}
