import { z } from 'zod'
import { resourceId } from '../../core/shapes.schema.ts'

export const introspectInput = z.object({ botId: resourceId })
export type IntrospectInput = z.infer<typeof introspectInput>
export const introspectOutput = z.object({
  workspaceId: z.string(),
  botId: z.string(),
  userId: z.string(),
})
export type IntrospectOutput = z.infer<typeof introspectOutput>
