/** Why somebody came back from an identity provider without being signed in; the codes are the server's and its library's. */
const words: Record<string, string> = {
  access_denied: 'The identity provider did not let you in, or you went back.',
  account_already_linked_to_different_user: 'This identity is already linked to another person here.',
  email_does_not_match: 'The identity provider reported a different email than your account here.',
  email_not_found: 'The identity provider did not report your email.',
  email_not_verified: 'The identity provider has not verified your email.',
  sign_up_closed: 'You have no account here yet. Ask an administrator of your workspace for an invitation.',
  Forbidden: 'You have no account here yet. Ask an administrator of your workspace for an invitation.',
  signup_disabled: 'You have no account here yet. Ask an administrator of your workspace for an invitation.',
  account_not_linked: 'An account here has this email. Sign in to it first, then link the identity provider there.',
  AlreadyExists: 'An account here has this email. Sign in to it first, then link the identity provider there.',
  state_mismatch: 'Too much time has passed, or it began in another browser. Try again.',
  state_not_found: 'Too much time has passed, or it began in another browser. Try again.',
}

/** @param code of the address; what is no code is not repeated. */
export function whyNotIn(code: string): string {
  const known = Object.hasOwn(words, code) ? words[code] : undefined
  const named = /^[\w-]{1,64}$/.test(code) ? ` (${code})` : ''
  return known ?? `Signing in with the identity provider did not work${named}. Try again, or sign in another way.`
}
