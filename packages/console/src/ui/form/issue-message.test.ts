import { expect, it } from 'vitest'
import { z } from 'zod'
import { issueMessage } from './issue-message.ts'

it.each([
  [z.string().min(12), 'short', 'It needs at least 12 characters.'],
  [z.string().min(1), '', 'Required.'],
  [z.string().max(3), 'long', 'It can have at most 3 characters.'],
  [z.number().min(5), 3, 'The minimum is 5.'],
  [z.email(), 'ada', 'Enter a valid email address.'],
  [z.string(), undefined, 'Required.'],
  [z.string().refine(() => false, 'must not be empty'), 'x', 'It must not be empty.'],
])('speaks plainly %#', (schema, value, words) => {
  const [issue] = schema.safeParse(value).error?.issues ?? []
  expect(issue && issueMessage(issue)).toBe(words)
})
