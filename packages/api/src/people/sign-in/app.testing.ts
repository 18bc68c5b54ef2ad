import type { Stores } from '@steward/db'
import { vi } from 'vitest'
import type { Clock } from '../../core/clock.ts'
import type { Actor, RequestInfo } from '../../core/context.ts'
import type { AppContext, Settings } from '../../core/app-context.ts'
import { anonymous, testApp, testRequest } from '../../core/app.testing.ts'
import { createCallerFactory } from '../../core/procedure/trpc.ts'
import { meRouter } from '../me.router.ts'
import type { SignInOptions } from './sign-in.ts'
import { createSignIn } from '../lifecycle/create-sign-in.ts'

/** The machine's clock, moved on at will: the sign-in library reads the machine's own. */
export interface MovedClock extends Clock {
  advance(milliseconds: number): void
}

export function movedClock(): MovedClock {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    advance: (milliseconds) => {
      ahead += milliseconds
    },
  }
}

const publicUrl = 'http://127.0.0.1:7420'
const callMe = createCallerFactory(meRouter)

export const password = 'correct horse battery'

/** Test support: an app with the real sign-in. */
export function signInApp(stores: Stores, settings: Partial<Settings> = {}, options: SignInOptions = {}) {
  const clock = movedClock()
  const signIn = createSignIn((): AppContext => app, options)
  const { app } = testApp(stores, { clock, signIn, settings: { publicUrl, signUp: 'open', ...settings } })
  const me = (actor: Actor, request: Partial<RequestInfo> = {}) =>
    callMe({ app, actor, request: { ...testRequest, ...request } })
  const signUp = (email: string, name = 'Ada') => me(anonymous).signUp({ email, name, password })
  return { app, clock, me, signUp }
}

/**
 * Test support: the next write waits until another has come and is done, so that it decides by what the other then
 * changed. Everything after these two goes its way.
 */
export function untilBothAsk({ main }: Stores) {
  const write = main.write.bind(main)
  let overtake = (_other: Promise<unknown>) => {}
  const overtaken = new Promise<Promise<unknown>>((resolve) => (overtake = (other) => resolve(other.catch(() => {}))))
  let come = 0
  return vi.spyOn(main, 'write').mockImplementation(async (fn) => {
    // Guesses are counted beside what is asked for.
    if (fn.name === 'guess') return write(fn)
    come += 1
    if (come === 1) await overtaken
    const written = write(fn)
    if (come === 2) overtake(written)
    return written
  })
}
