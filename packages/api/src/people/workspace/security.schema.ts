import { z } from 'zod'
import { resourceId } from '../../core/shapes.schema.ts'

export const getSecurityInput = z.object({ id: resourceId })
export type GetSecurityInput = z.infer<typeof getSecurityInput>

export const workspaceSecurity = z.object({
  /** Whether members get in with a second factor only. */
  secondFactorRequired: z.boolean(),
  /** How many members have none of ours; who comes by a provider that is trusted with it gets in all the same. */
  membersWithoutSecondFactor: z.int(),
})
export type WorkspaceSecurity = z.infer<typeof workspaceSecurity>
export const getSecurityOutput = workspaceSecurity

export const updateSecurityInput = z.object({ id: resourceId, secondFactorRequired: z.boolean() })
export type UpdateSecurityInput = z.infer<typeof updateSecurityInput>
export const updateSecurityOutput = workspaceSecurity
