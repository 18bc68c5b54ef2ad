import type { Context } from './context.ts'
import type { AppContext } from './app-context.ts'

/**
 * A link for the answer to this very request. It begins with the public address, or where nobody set one, with that by
 * which the caller reached us, since it works for them. Callers can claim any host, so it may be shown to them alone.
 * @param path with its slash.
 */
export function linkForCaller({ app, request }: Pick<Context, 'app' | 'request'>, path: string): string {
  const { publicUrl, publicUrlIsGuess } = app.settings
  return `${(publicUrlIsGuess && request.origin) || publicUrl}${path}`
}

/** A link for others than the caller, as in mail: what the caller says of our address does not come into it. */
export function linkForOthers({ settings }: Pick<AppContext, 'settings'>, path: string): string {
  return `${settings.publicUrl}${path}`
}
