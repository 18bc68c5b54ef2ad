import { testClock } from '@steward/testkit'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { open as openFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eachDialect } from '@steward/db/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { folderBlobs } from './core/blob/blob-folder.ts'
import { toEnvelope } from './core/errors.ts'
import { sha256 } from './core/secrets.ts'
import { makeVersionFixture } from './bots/version/version.testing.ts'

/** From now on half of what is written to a file gets there, and then there is no room. */
async function fillDisk(code: 'ENOSPC' | 'EDQUOT'): Promise<() => void> {
  const handle = await openFile(tmpdir(), 'r')
  const kind = Object.getPrototypeOf(handle) as FileHandle
  await handle.close()
  const spy = vi.spyOn(kind, 'writeFile').mockImplementation(async function (this: FileHandle, data) {
    const bytes = Buffer.from(data as Uint8Array)
    await this.write(bytes, 0, bytes.length >> 1)
    throw Object.assign(new Error(`${code}: no space left on device, write`), { code, syscall: 'write' })
  })
  onTestFinished(() => spy.mockRestore())
  return () => spy.mockRestore()
}

eachDialect('a full disk', (open) => {
  it.each(['ENOSPC', 'EDQUOT'] as const)('met by code is told in words (%s), and nothing of it stays', async (code) => {
    const folder = mkdtempSync(join(tmpdir(), 'steward-full-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const blobs = await folderBlobs(folder, testClock())
    const s = await makeVersionFixture(await open(), { blobs })
    const made = (text: string) => s.bot.create({ workspaceId: s.workspaceId, name: 'b', code: text })
    const makeRoom = await fillDisk(code)
    const failure: unknown = await made('export default 1').catch((cause: unknown) => cause)
    expect(toEnvelope(failure, { now: new Date(0) })).toMatchObject({
      code: 500,
      type: 'Internal',
      message: 'Steward’s disk is full, so nothing was changed. Its operator has to free up space.',
    })
    expect(readdirSync(join(folder, 'unfinished'))).toEqual([])
    expect(await blobs.has(sha256('export default 1'))).toBe(false)
    expect((await s.bot.list({ workspaceId: s.workspaceId })).bots).toEqual([])
    makeRoom()
    expect((await made('export default 1')).bot.name).toBe('b')
  })
})
