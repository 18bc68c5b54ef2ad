import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { InstallationFault, type FaultKind } from './installation-fault.ts'
import { findSecret, readKeyAt, takeSecret } from './key.ts'
import { keyFileOf, type Place } from './place.ts'
import { newPlace } from './installation.testing.ts'

function faultOf(work: () => unknown): FaultKind | null {
  try {
    work()
    return null
  } catch (cause) {
    if (cause instanceof InstallationFault) return cause.kind
    throw cause
  }
}

test('a key has 32 bytes or more; a shorter one is damaged, and not replaced', async () => {
  const place = await newPlace()
  mkdirSync(place.dataFolder)
  const file = keyFileOf(place)
  for (const text of ['', ...[16, 24, 31].map((size) => 'ab'.repeat(size)), 'xy'.repeat(32)]) {
    writeFileSync(file, text)
    expect(faultOf(() => takeSecret(place, true))).toBe('key-damaged')
    expect([readKeyAt(file), readFileSync(file, 'utf8')]).toEqual([null, text])
  }
  for (const size of [32, 33]) {
    writeFileSync(file, `${'ab'.repeat(size)}\n`)
    expect(takeSecret(place, false)).toMatchObject({ bytes: { length: size }, from: 'file', made: false })
  }
})

test('a key is made for new data only, whole and for its owner alone', async () => {
  const place = await newPlace()
  expect(findSecret(place)).toBeNull()
  expect(faultOf(() => takeSecret(place, false))).toBe('key-missing')
  const made = takeSecret(place, true)
  expect(made).toMatchObject({ bytes: { length: 32 }, from: 'file', made: true })
  expect(takeSecret(place, false)).toEqual({ ...made, made: false })
  expect(readdirSync(place.dataFolder)).toEqual(['secret.key'])
  if (process.platform !== 'win32') expect(statSync(keyFileOf(place)).mode & 0o777).toBe(0o600)
})

test('a key from the environment needs no file, and stands in no fault', async () => {
  const secretKey = Buffer.from('c0ffee'.repeat(16), 'hex')
  const place: Place = await newPlace('sqlite', secretKey)
  expect(takeSecret(place, false)).toEqual({ bytes: secretKey, from: 'environment', made: false })
  const fault = new InstallationFault('key-wrong', place, 'not this one')
  expect(fault.keyFile).toBeNull()
  expect(inspect(fault, { depth: 9 })).not.toMatch(/c0.?ff.?ee/i)
})
