import { z } from 'zod'

/** Kinds of entities that writes touch, as change feeds and the audit trail name them. */
export const changeType = z.enum([
  'user',
  'token',
  'session',
  'account',
  'workspace',
  'member',
  'invitation',
  'bot',
  'botKey',
  'version',
  'preference',
  'move',
  'audit',
])
export type ChangeType = z.infer<typeof changeType>
