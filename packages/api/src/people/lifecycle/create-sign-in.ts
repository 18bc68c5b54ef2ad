import type { House, SignIn } from '../../core/house.ts'
import { signInWith, type SignInOptions } from '../sign-in/sign-in.ts'

/** Sessions and passwords of a house: see `signInWith`. Sign-up by a provider is loaded with the first `/auth/*`. */
export function createSignIn(house: () => House, options: SignInOptions = {}): SignIn {
  return signInWith(house, () => import('./oauth-sign-up.ts'), options)
}
