import type { z } from 'zod'

/** Of a field that must be filled in. */
export const missing = 'Required.'

const formats: Record<string, string> = {
  email: 'Enter a valid email address.',
  url: 'Enter a valid URL, such as https://example.org.',
  datetime: 'Enter a date with a time and a time zone.',
}

/** What is wrong with a field, as a person would say it. What the schema says in its own words stays. */
export function issueMessage(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small') return tooSmall(issue.origin, Number(issue.minimum))
  if (issue.code === 'too_big') return tooBig(issue.origin, Number(issue.maximum))
  if (issue.code === 'invalid_format') return formats[issue.format] ?? issue.message
  if (issue.code === 'invalid_type' && issue.input === undefined) return missing
  return /^[a-z]/.test(issue.message) ? `It ${issue.message}.` : issue.message
}

function tooSmall(origin: string, least: number): string {
  if (origin === 'string') return least === 1 ? missing : `It needs at least ${least} characters.`
  if (origin === 'array' || origin === 'set') return least === 1 ? 'Add at least one.' : `It needs at least ${least}.`
  return `The minimum is ${least}.`
}

function tooBig(origin: string, most: number): string {
  if (origin === 'string') return `It can have at most ${most} characters.`
  if (origin === 'array' || origin === 'set') return `It can have at most ${most}.`
  return `The maximum is ${most}.`
}
