import { z } from 'zod'
import { emailAddress } from '../../core/email.schema.ts'
import { isoDateTime, resourceId, text } from '../../core/shapes.schema.ts'
import { newPassword } from '../lifecycle/sign-up.schema.ts'

/** What a link does when it is used: the person chooses a new password, loses the second factor, or both. */
const resets = {
  password: z.boolean().default(true),
  secondFactor: z.boolean().default(false),
  /** A day by default, three at most. */
  expiresInHours: z.int().min(1).max(72).default(24),
  /** Sends the link to the person too, where this installation has a mail server. */
  sendEmail: z.boolean().default(false),
}
const something = ({ password, secondFactor }: { password: boolean; secondFactor: boolean }): boolean =>
  password || secondFactor
const nothing = 'must reset the password, the second factor or both'

/** The only answer that holds the link. */
export const recoveryLink = z.object({
  /** Its secret follows #, which browsers send nowhere. */
  link: z.string().meta({ format: 'uri' }),
  email: z.string().meta({ format: 'email' }),
  expiresAt: isoDateTime,
  /** Whether it is sent to the person as well. */
  emailed: z.boolean(),
})
export type RecoveryLink = z.infer<typeof recoveryLink>

export const createForMemberInput = z
  .object({ workspaceId: resourceId, memberId: resourceId, ...resets })
  .refine(something, nothing)
export type CreateForMemberInput = z.output<typeof createForMemberInput>
export const createForMemberOutput = recoveryLink

export const createInput = z.object({ email: emailAddress, ...resets }).refine(something, nothing)
export type CreateInput = z.output<typeof createInput>
export const createOutput = recoveryLink

export const requestInput = z.object({ email: emailAddress })
export type RequestInput = z.infer<typeof requestInput>
/** The same whether or not there is somebody with this address. */
export const requestOutput = z.object({
  /** False where this installation sends no mail: then somebody has to make a link. */
  byMail: z.boolean(),
})
export type RequestOutput = z.infer<typeof requestOutput>

export const lookupInput = z.object({ secret: text.max(100) })
export type LookupInput = z.infer<typeof lookupInput>
export const lookupOutput = z.object({
  email: z.string().meta({ format: 'email' }),
  password: z.boolean(),
  secondFactor: z.boolean(),
  expiresAt: isoDateTime,
})
export type LookupOutput = z.infer<typeof lookupOutput>

export const useInput = z.object({
  secret: text.max(100),
  /** For a link that resets the password. */
  password: newPassword.optional(),
})
export type UseInput = z.infer<typeof useInput>
export const useOutput = z.object({
  email: z.string().meta({ format: 'email' }),
  /** Personal access tokens stay good: how many there are. */
  tokens: z.int(),
})
export type UseOutput = z.infer<typeof useOutput>
