import type { Context } from './context.ts'

/**
 * The address that a link in this answer begins with: the public one, or where nobody set it, the one by which the caller
 * reached us, since it works for them. Callers can claim any host, so such a link may be shown to them alone; what is
 * sent to others, by mail, begins with `settings.publicUrl`.
 */
export function addressForCaller({ house: { settings }, request }: Pick<Context, 'house' | 'request'>): string {
  return (settings.publicUrlIsGuess && request.origin) || settings.publicUrl
}
