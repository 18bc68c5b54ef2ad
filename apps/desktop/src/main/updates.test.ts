import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { compareVersions, feedOf, lookForUpdate, releasedFeed, type UpdateOptions } from './updates.ts'

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-updates-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'file')
  writeFileSync(file, text)
  return file
}

/** A look at a feed that answers with this text. */
function look(feed: string | null, text: string, more: Partial<UpdateOptions> = {}) {
  const asked: string[] = []
  const fetch = async (address: string): Promise<Response> => {
    asked.push(address)
    return new Response(text)
  }
  const options = { feed, settings: 's.json', version: '1.4.0', fetch, platform: 'linux' as const, arch: 'x64' }
  return lookForUpdate({ ...options, ...more }).then((found) => ({ found, asked }))
}

test('a feed is what the person set, or what the build was released with', () => {
  expect(feedOf(fileWith('{"updateFeed":"https://mine.example.org"}'))).toBe('https://mine.example.org')
  for (const text of ['{}', '{"updateFeed":7}', 'no JSON']) expect(feedOf(fileWith(text))).toBeNull()
  expect(releasedFeed(fileWith('provider: generic\nurl: https://get.example.org/steward\n'))).toBe(
    'https://get.example.org/steward',
  )
  expect(releasedFeed('/nowhere/app-update.yml')).toBeNull()
})

test('nobody is asked unless a feed is set', async () => {
  const { found, asked } = await look(null, 'version: 9.0.0')
  expect([found.kind, asked]).toEqual(['off', []])
  expect(found.message).toContain('updateFeed')
})

test.each([
  ['linux', 'x64', 'latest-linux.yml'],
  ['linux', 'arm64', 'latest-linux-arm64.yml'],
  ['darwin', 'arm64', 'latest-mac.yml'],
  ['win32', 'x64', 'latest.yml'],
] as const)('%s on %s reads %s', async (platform, arch, file) => {
  const { found, asked } = await look('https://get.example.org/steward/', 'version: 1.5.0\npath: x', { platform, arch })
  expect(asked).toEqual([`https://get.example.org/steward/${file}`])
  expect(found).toMatchObject({ kind: 'newer', version: '1.5.0' })
})

test('an older or equal version is no update', async () => {
  for (const version of ['1.4.0', '1.3.9', '1.4.0-beta.1'])
    expect((await look('https://get.example.org', `version: ${version}`)).found.kind).toBe('current')
})

test('what is wrong with a feed is said', async () => {
  expect((await look('http://get.example.org', '')).found.message).toContain('must start with https://')
  expect((await look('https://get.example.org', '<html>')).found.message).toContain('does not contain a version')
  const fetch = async (): Promise<Response> => new Response('', { status: 404 })
  expect((await look('https://get.example.org', '', { fetch })).found.message).toContain('responded with 404')
})

test('versions are compared by number', () => {
  const sorted = ['1.0.0-beta.2', '1.0.0-beta.10', '1.0.0', '1.2.0', '1.10.0', '2.0.0']
  expect(sorted.toReversed().toSorted(compareVersions)).toEqual(sorted)
  expect(compareVersions('1.0.0', '1.0.0')).toBe(0)
})
