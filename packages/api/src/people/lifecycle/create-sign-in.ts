import type { AppContext, SignIn } from '../../core/app-context.ts'
import { signInWith, type SignInOptions } from '../sign-in/sign-in.ts'

/** Sessions and passwords of an app: see `signInWith`. Sign-up by a provider is loaded with the first `/auth/*`. */
export function createSignIn(app: () => AppContext, options: SignInOptions = {}): SignIn {
  return signInWith(app, () => import('./oauth-sign-up.ts'), options)
}
