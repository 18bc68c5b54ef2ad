import { z } from 'zod'
import { emailAddress } from '../../core/email.schema.ts'
import { text } from '../../core/shapes.schema.ts'

/** 12 to 128 characters, any of them (NIST SP 800-63B: length instead of composition rules). */
export const newPassword = z.string().min(12).max(128)

export const personName = text.trim().min(1).max(100)

export const signUpInput = z.object({
  email: emailAddress,
  name: personName,
  password: newPassword,
  /** The secret of an invitation link, `stw_inv_…`. */
  invitation: text.max(100).optional(),
})
export type SignUpInput = z.infer<typeof signUpInput>

export const signUpOutput = z.object({
  userId: z.string().meta({ format: 'uuid' }),
  accountId: z.string(),
  /** The first workspace of the new account. */
  workspaceId: z.string(),
  /** The workspace the invitation led into. */
  joinedWorkspaceId: z.string().optional(),
})
export type SignUpOutput = z.infer<typeof signUpOutput>
