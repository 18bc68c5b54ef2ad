import { expect, it } from 'vitest'
import { actorOf } from './actor.ts'

it('names who made a change as far as it is known', () => {
  const nobody = { userId: null, userEmail: null }
  expect(actorOf({ userId: 'u', userEmail: 'ada@example.com', operation: 'bot.update' })).toBe('ada@example.com')
  expect(actorOf({ userId: 'u', userEmail: null, operation: 'bot.update' })).toBe('Former person')
  expect(actorOf({ ...nobody, operation: 'member.revokeInvitation' })).toBe('Steward')
  expect(actorOf({ ...nobody, operation: 'account.declineWorkspace' })).toBe('The other account')
})
