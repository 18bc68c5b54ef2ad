import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mainMigrations, telemetryMigrations } from './index.ts'

// A step that somebody's database has taken is never taken again: a change to it would reach new databases only. What
// has to change becomes a step of its own, and its line here.

const frozen: Readonly<Record<string, string>> = {
  '0001_core': '222819b989e84a9fcb4093edec648feb3c1e7a4be5a8abcf03b2207dbbc1c12d',
  '0002_audit': '316229c68e15353898b35544250da0e21e9fe52d67199945aea672b3c7c63e7b',
  '0003_people': '7631dac6a686b3e5f5fc61cb3d29318a2dfb499ed322c07b404757bd3c78dceb',
  '0004_bots': 'ee88910fded9045ad4e71132f56e569608a4cf33b2ed44b8991d83c9fa5119e9',
  '0005_rate_count': 'd812004e05a97e538e7878b52697f003831b70bbaef01cfac88899ff844712fc',
  '0006_metering': '41947e4ca56a6192d2d46c99b8a0b553b24d9e86e745c0e229d498b5285328e1',
}

test('steps of the schema do not change', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^\d{4}_\w+\.ts$/.test(name))
  const hashes = files.map((name) => {
    const text = readFileSync(`${import.meta.dirname}/${name}`, 'utf8').replaceAll('\r\n', '\n')
    return [name.replace(/\.ts$/, ''), createHash('sha256').update(text).digest('hex')] as const
  })
  expect(Object.fromEntries(hashes)).toEqual(frozen)
  expect([...mainMigrations, ...telemetryMigrations].map(({ name }) => name).toSorted()).toEqual(
    Object.keys(frozen).toSorted(),
  )
})
