import { describe, expect, test } from 'vitest'
import { Budget, budgetFor } from './values/budget.ts'
import { hostileCases } from './hostile.testing.ts'
import { checkData, checkSchema } from './index.ts'
import { identityOf } from './values/json.ts'

/** The most units that any check has: what `budgetFor` never passes. */
const most = 1_000_000

describe('hostile schemas', () => {
  test.each(hostileCases)('$name: ends, alike each time', ({ schema, data }) => {
    const fault = checkData(schema, data)
    expect(checkData(schema, data)).toEqual(fault)
    expect(checkSchema(schema)).toEqual(checkSchema(schema))
    // Nothing that ended within its budget needed more than any may have.
    if (fault?.kind !== 'work') expect(checkData(schema, data, { budget: most })).toEqual(fault)
  })

  test('what doubles at each step is refused, what is merely long is not', () => {
    const ends = Object.fromEntries(
      hostileCases.map(({ name, schema, data }) => [name, checkData(schema, data)?.kind ?? 'fits']),
    )
    expect(ends).toMatchObject({
      '$ref bomb of anyOf': 'work',
      '$ref bomb of allOf': 'work',
      '$ref to itself': 'work',
      'pattern that looks ahead': 'work',
      'patterns × names': 'work',
      'dependentRequired × items': 'work',
      'data nested deeply': 'work',
      'pattern that goes back': 'data',
      'enum × array': 'fits',
      'enum of objects × array': 'fits',
      'required × items': 'data',
      'both nested': 'fits',
    })
  })

  test('a budget follows the sum of the sizes and has an end', () => {
    const list = (length: number): number[] => Array.from({ length }, () => 1)
    const one = budgetFor(list(100), {}).left
    const other = budgetFor({}, list(1000)).left
    const empty = budgetFor({}, {}).left
    expect(budgetFor(list(100), list(1000)).left - empty).toBe(one - empty + (other - empty))
    expect(budgetFor(list(1_000_000), list(1_000_000)).left).toBe(most)
    expect(() => budgetFor('x'.repeat(9_000_000))).toThrow('')
  })

  test.each([
    ['items', { contains: true }, 'unevaluatedItems', (length: number) => Array.from({ length }, () => 1)],
    [
      'names',
      { additionalProperties: true },
      'unevaluatedProperties',
      (length: number) => Object.fromEntries(Array.from({ length }, (_, at) => [`name${at}`, 1])),
    ],
  ])('each step that hands on which %s it saw costs as much as there are', (_, seeing, unevaluated, dataOf) => {
    /** The smallest budget that is enough when the schema stands that many steps down. */
    const needed = (steps: number, length: number): number => {
      let inner: object = seeing
      for (let step = 0; step < steps; step++) inner = { allOf: [inner] }
      const schema = { ...inner, [unevaluated]: false }
      let [tooLittle, enough] = [0, most]
      while (enough - tooLittle > 1) {
        const budget = Math.floor((tooLittle + enough) / 2)
        if (checkData(schema, dataOf(length), { budget })?.kind === 'work') tooLittle = budget
        else enough = budget
      }
      return enough
    }
    const stepOf = (length: number): number => needed(3, length) - needed(2, length)
    expect(stepOf(1000) - stepOf(10)).toBeGreaterThanOrEqual(990)
  })

  test.each([
    ['numbers', [1]],
    ['lists', [[]]],
    ['objects', [{}]],
    ['texts', ['x']],
    ['lists of numbers', [[1, 1, 1]]],
    ['objects of numbers', [{ a: 1, b: 1 }]],
  ])('to compare %s costs as much as there are, with what they hold', (_, [item]) => {
    const budget = new Budget(most)
    identityOf(
      Array.from({ length: 1000 }, () => item),
      budget,
    )
    const parts = (value: unknown): number =>
      typeof value === 'object' ? Object.values(value ?? {}).reduce<number>((sum, one) => sum + parts(one), 1) : 1
    expect(most - budget.left).toBeGreaterThanOrEqual(1000 * parts(item))
  })

  test('what is left over is said in words', () => {
    expect(checkData({ $ref: '#' }, 1)?.message).toBe('refers to itself endlessly, or is nested too deeply')
    expect(checkData({ type: 'number' }, 1, { budget: 3 })).toEqual({
      kind: 'work',
      path: [],
      message: 'takes too much work to check: simplify the schema, or make the value smaller',
    })
  })
})
