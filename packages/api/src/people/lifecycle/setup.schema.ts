import { z } from 'zod'
import { emailAddress } from '../../core/email.schema.ts'
import { text } from '../../core/shapes.schema.ts'
import { newPassword, personName } from './sign-up.schema.ts'

export const setupStatusInput = z.object({})
export type SetupStatusInput = z.infer<typeof setupStatusInput>
/** What the pages before sign-in show. */
export const setupStatusOutput = z.object({
  state: z.enum(['unclaimed', 'claimed']),
  /** Whether this installation sends mail. */
  mail: z.boolean(),
  /** Identity providers that people may sign in with. */
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type SetupStatusOutput = z.infer<typeof setupStatusOutput>

/** What is copied out of a terminal brings spaces and line ends along. */
const withoutSpaces = (value: string): string => value.replaceAll(/[\s\u200B\uFEFF]+/g, '')

export const claimInput = z.object({
  /** The set-up code the process printed at its start, `stw_set_…`. */
  code: text.overwrite(withoutSpaces).max(100),
  email: emailAddress,
  name: personName,
  password: newPassword,
  /** Whether the token printed at the first start stays good; it stood in a terminal or a log. */
  keepFirstToken: z.boolean().default(false),
})
export type ClaimInput = z.output<typeof claimInput>
export const claimOutput = z.object({ userId: z.string().meta({ format: 'uuid' }) })
export type ClaimOutput = z.infer<typeof claimOutput>

/** What the command line gives to make the owner. */
export const ownerInput = z.object({
  email: emailAddress,
  name: personName.optional(),
  password: newPassword,
  keepFirstToken: z.boolean().default(false),
})
