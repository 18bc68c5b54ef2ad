import { z } from 'zod'

/** Kinds of what writes touch, as change feeds and the audit trail name them; each area adds its own by `declare module`. */
export interface ChangeTypes {
  preference: true
  audit: true
}
export type ChangeType = keyof ChangeTypes

/** One of the kinds, which only the areas together know. */
export const changeType = z.string() as unknown as z.ZodType<ChangeType>
