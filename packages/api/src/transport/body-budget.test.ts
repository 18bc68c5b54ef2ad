import { describe, expect, it } from 'vitest'
import { createBodyBudget } from './body-budget.ts'

const limits = {
  bytes: 100,
  strangerBytes: 40,
  addressBytes: 30,
  callerBytes: 60,
  callerBodies: 3,
  smallBody: 0,
  pace: 10,
  slowAfter: 1000,
}
const caller = (key: string) => ({ key, isStranger: false })
const stranger = (key: string) => ({ key, isStranger: true })
const limited = expect.objectContaining({ type: 'RateLimited', metadata: { resetSeconds: 1 } }) as Error

describe('the budget of bodies', () => {
  it('bounds the bytes of one caller and of all, and gets all back', () => {
    const budget = createBodyBudget(limits)
    const [one, again, other] = [budget.open(caller('a')), budget.open(caller('a')), budget.open(caller('b'))]
    one.hold(50)
    expect(() => again.hold(11)).toThrow(limited)
    again.hold(10)
    expect(() => other.hold(41)).toThrow(limited)
    other.hold(40)
    expect(budget.bytes).toBe(100)
    one.release()
    one.release()
    expect(budget.bytes).toBe(50)
    again.hold(50)
    again.release()
    other.release()
    expect(budget.bytes).toBe(0)
  })

  it('bounds how many bodies one caller has under way', () => {
    const budget = createBodyBudget(limits)
    const open = [1, 2, 3].map(() => budget.open(caller('a')))
    expect(() => budget.open(caller('a'))).toThrow(limited)
    budget.open(caller('b'))
    open[0]?.release()
    budget.open(caller('a'))
  })

  it('leaves most of it to callers with a credential', () => {
    const budget = createBodyBudget(limits)
    expect(() => budget.open(stranger('x')).hold(31)).toThrow(limited)
    budget.open(stranger('x')).hold(30)
    budget.open(stranger('y')).hold(10)
    expect(() => budget.open(stranger('z')).hold(1)).toThrow(limited)
    budget.open(caller('a')).hold(60)
    expect(budget.bytes).toBe(100)
  })

  it('breaks off slow bodies, the slowest first, when another needs their room', () => {
    let time = 0
    const budget = createBodyBudget(limits, () => time)
    const broken: string[] = []
    const reading = (name: string, bytes: number, who = caller(name)) => {
      const share = budget.open(who)
      share.hold(bytes)
      share.reading.breakOff = (why) => {
        expect(why).toMatchObject({ type: 'RateLimited' })
        broken.push(name)
      }
      return share
    }
    const [slow, slower, stranger1] = [reading('a', 40), reading('b', 30), reading('x', 30, stranger('x'))]
    time = 900
    expect(() => budget.open(caller('c')).hold(1)).toThrow(limited)
    time = 2000
    slow.reading.came = 19
    slower.reading.came = 5
    stranger1.reading.came = 20
    expect(() => budget.open(stranger('y')).hold(20)).toThrow(limited)
    expect(broken).toEqual([])
    budget.open(caller('c')).hold(20)
    expect([broken, budget.bytes]).toEqual([['b'], 90])
    slower.release()
    expect(budget.bytes).toBe(90)
    budget.open(caller('d')).hold(50)
    expect([broken, budget.bytes]).toEqual([['b', 'a'], 100])
    expect(() => budget.open(caller('e')).hold(1)).toThrow(limited)
    time = 2100
    stranger1.reading.came = 19
    budget.open(stranger('y')).hold(30)
    expect(broken).toEqual(['b', 'a', 'x'])
  })

  it('does not look through all for each that comes while it is full', () => {
    let time = 0
    const budget = createBodyBudget({ ...limits, slowAfter: 0 }, () => time)
    let looked = 0
    for (const key of ['a', 'b']) {
      const share = budget.open(caller(key))
      share.hold(50)
      Object.defineProperty(share.reading, 'breakOff', { get: () => ((looked += 1), null) })
    }
    for (let i = 0; i < 50; i++, time += 10) expect(() => budget.open(caller(`c${i}`)).hold(1)).toThrow(limited)
    expect(looked).toBe(2 * 5)
  })

  it('takes small bodies however full it is, within what their sender may', () => {
    const budget = createBodyBudget({ ...limits, smallBody: 5 })
    for (const key of ['x', 'y']) budget.open(stranger(key)).hold(20)
    const small = budget.open(stranger('z'))
    small.hold(5)
    expect(() => small.hold(1)).toThrow(limited)
    expect(() => budget.open(stranger('z')).hold(6)).toThrow(limited)
    for (let i = 0; i < 2; i++) budget.open(stranger('x')).hold(5)
    expect(() => budget.open(stranger('x')).hold(1)).toThrow(limited)
  })
})
