import { z } from 'zod'
import { emailAddress } from '../../core/email.schema.ts'
import { isoDateTime, noResult, resourceId } from '../../core/shapes.schema.ts'

/** A browser that is signed in. */
export const session = z.object({
  id: z.string(),
  createdAt: isoDateTime,
  /** When the session was last prolonged: at most once a day. */
  renewedAt: isoDateTime,
  expiresAt: isoDateTime,
  ipAddress: z.string().optional(),
  userAgent: z.string().optional(),
  /** The session of this very call. */
  current: z.boolean(),
})
export type Session = z.infer<typeof session>

export const listSessionsInput = z.object({})
export type ListSessionsInput = z.infer<typeof listSessionsInput>
export const listSessionsOutput = z.object({ sessions: z.array(session) })
export type ListSessionsOutput = z.infer<typeof listSessionsOutput>

export const deleteSessionInput = z.object({ id: resourceId })
export type DeleteSessionInput = z.infer<typeof deleteSessionInput>
export const deleteSessionOutput = noResult

/** Ends every session, the caller's own too unless it is to be kept, and forgets the devices that skip the second factor. */
export const signOutEverywhereInput = z.object({ keepCurrent: z.boolean().default(false) })
export type SignOutEverywhereInput = z.infer<typeof signOutEverywhereInput>
export const signOutEverywhereOutput = z.object({ ended: z.int() })
export type SignOutEverywhereOutput = z.infer<typeof signOutEverywhereOutput>

/** Of anybody, by the operator of the installation. */
export const endSessionsOfInput = z.object({ email: emailAddress })
export type EndSessionsOfInput = z.infer<typeof endSessionsOfInput>
export const endSessionsOfOutput = signOutEverywhereOutput
