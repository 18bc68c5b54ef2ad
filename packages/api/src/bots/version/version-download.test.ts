import { testClock } from '@steward/testkit'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import { eachDialect } from '@steward/db/testing'
import { expect, onTestFinished, test } from 'vitest'
import { auditOf } from '../bot/fixture.testing.ts'
import { folderBlobs } from '../../core/blob/blob-folder.ts'
import { minute, second } from '../../core/clock.ts'
import { turnsDuring } from '../../core/loop.testing.ts'
import { readVersionDownload } from './version-download.service.ts'
import type { VersionFixture } from './version.testing.ts'
import { makeVersionFixture, newBot, rowOf } from './version.testing.ts'

const refused = (type: string) => expect.objectContaining({ type })

async function opened(s: VersionFixture, url: string): Promise<{ filename: string; archive: Record<string, unknown> }> {
  const { filename, body } = await readVersionDownload(s.app, new URL(url))
  return { filename, archive: (await new Response(body).json()) as Record<string, unknown> }
}

eachDialect('version downloads', (open) => {
  test('a link opens the archive without a token', async () => {
    const s = await makeVersionFixture(await open(), {})
    const { bot } = await s.bot.create({ workspaceId: s.workspaceId, name: 'My bot/é' })
    const code = 'say("ü 😀 \\ \u2028")\n'
    await s.bot.update({ id: bot.id, code, events: { ping: { schema: {} } } })
    const versionId = (await rowOf(s, bot.id)).current_version_id ?? ''
    const { url } = await s.version.get({ id: bot.id, versionId })
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:7420\/downloads\/versions\/botver_\w+\?expires=\d+&signature=[\w-]+$/)
    const { filename, archive } = await opened(s, url)
    expect(filename).toBe('My-bot-Deployed-2026-03-01T12-00-00.000Z.json')
    expect(archive).toMatchObject({
      format: 'steward.bot-archive',
      formatVersion: 1,
      version: { id: versionId, botId: bot.id, authorId: s.owner.userId },
      bot: { events: { ping: { schema: {} } } },
      code,
    })
    const records = (await auditOf(s.fixture)).filter((record) => record.action === 'DOWNLOAD_BOT_ARCHIVE')
    expect(records).toMatchObject([{ operation: 'version.get', resource_id: versionId }])
    await s.bot.publishJson({ id: await newBot(s), botJson: { ...(archive['bot'] as object), code } })
  })

  test('a version without code says null', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const { version } = await s.version.create({ id, name: '..' })
    const { filename, archive } = await opened(s, (await s.version.get({ id, versionId: version.id })).url)
    expect(filename).toBe('Bot-unnamed.json')
    expect(archive['code']).toBe(null)
  })

  test('links end after 15 minutes and cannot be made up', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const { version } = await s.version.create({ id, name: 'v' })
    const { version: other } = await s.version.create({ id, name: 'w' })
    const { url } = await s.version.get({ id, versionId: version.id })
    s.clock.advance(15 * minute - second)
    expect((await opened(s, url)).archive['code']).toBe(null)
    const later = new URL(url)
    later.searchParams.set('expires', String(Number(later.searchParams.get('expires')) + minute))
    const forged = [
      url.replace(version.id, other.id),
      later.href,
      `${url}x`,
      url.split('&')[0] ?? '',
      url.replace(version.id, '%E0%A4%A'),
    ]
    for (const bad of forged)
      await expect(readVersionDownload(s.app, new URL(bad))).rejects.toEqual(refused('Forbidden'))
    s.clock.advance(second)
    await expect(readVersionDownload(s.app, new URL(url))).rejects.toEqual(refused('ResourceGone'))
  })

  test('a link dies with its bot', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const { version } = await s.version.create({ id, name: 'v' })
    const { url } = await s.version.get({ id, versionId: version.id })
    await s.bot.delete({ id })
    await expect(readVersionDownload(s.app, new URL(url))).rejects.toEqual(refused('ResourceNotFound'))
  })

  test('10 MB of code come whole and let other work in between', async () => {
    const folder = await mkdtemp(path(tmpdir(), 'steward-download-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const s = await makeVersionFixture(await open(), { blobs: await folderBlobs(folder, testClock()) })
    const id = await newBot(s)
    const code = `// 😀\n${'let ü = "0123456789";\n'.repeat(460_000)}`
    await s.bot.update({ id, code })
    const versionId = (await rowOf(s, id)).current_version_id ?? ''
    const url = new URL((await s.version.get({ id, versionId })).url)
    expect((await opened(s, url.href)).archive['code'] === code).toBe(true)
    expect((await s.bot.getJson({ id }))['code'] === code).toBe(true)
    expect(await turnsDuring(() => opened(s, url.href))).toBeGreaterThan(10)
    expect(await turnsDuring(() => s.bot.getJson({ id }))).toBeGreaterThan(10)
    await s.bot.update({ id, code: code.replaceAll('9', '8') })
    const to = (await rowOf(s, id)).current_version_id ?? ''
    expect(await turnsDuring(() => s.version.diff({ id, from: versionId, to }))).toBeGreaterThan(10)
  })
})
