import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { fixture } from '../account/account.testing.ts'
import { storesOf } from '../../core/app-context.ts'

eachDialect('workspace preferences', (open) => {
  it('keeps any JSON as it is, null included', async () => {
    const s = await fixture(await open())
    const key = { workspaceId: s.workspaceId, key: 'theme' }
    for (const value of [null, false, 0, 1.5, '', 'a\u0000b \ud83d\ude00', [1, [null]], { a: { b: [] } }]) {
      expect(await s.mine.workspace.setPreference({ ...key, value })).toEqual({})
      expect(await s.mine.workspace.getPreference(key)).toEqual({ value })
    }
  })

  it('answers {} for a key that was never set, or was removed', async () => {
    const s = await fixture(await open())
    const { workspaceId } = s
    expect(await s.mine.workspace.getPreference({ workspaceId, key: 'a' })).toEqual({})
    await s.mine.workspace.setPreference({ workspaceId, key: 'a', value: 1 })
    await s.mine.workspace.setPreference({ workspaceId, key: 'a', value: 2 })
    expect(await s.mine.workspace.getPreference({ workspaceId, key: 'a' })).toEqual({ value: 2 })
    await s.mine.workspace.setPreference({ workspaceId, key: 'a' })
    expect(await s.mine.workspace.getPreference({ workspaceId, key: 'a' })).toEqual({})
  })

  it('records the change without its content', async () => {
    const s = await fixture(await open())
    await s.mine.workspace.setPreference({ workspaceId: s.workspaceId, key: 'k', value: 'private text' })
    const { reader } = storesOf(s.app).main
    const record = await reader.selectFrom('audit_record').selectAll().executeTakeFirstOrThrow()
    expect(record).toMatchObject({ action: 'UPDATE_WORKSPACE', resource_type: 'preference', resource_id: 'k' })
    const { payload } = await reader.selectFrom('audit_payload').selectAll().executeTakeFirstOrThrow()
    expect(payload).not.toContain('private text')
    expect(JSON.parse(payload)).toMatchObject({ after: { bytes: 14 } })
  })

  it('is bounded in size and depth', async () => {
    const s = await fixture(await open())
    const { workspaceId } = s
    const fits = 'x'.repeat(128 * 1024 - 2)
    expect(await s.mine.workspace.setPreference({ workspaceId, key: 'big', value: fits })).toEqual({})
    await expect(s.mine.workspace.setPreference({ workspaceId, key: 'big', value: `${fits}x` })).rejects.toMatchObject({
      type: 'PayloadTooLarge',
    })
    let deep: unknown = 1
    for (let i = 0; i < 200; i++) deep = [deep]
    await expect(s.mine.workspace.setPreference({ workspaceId, key: 'deep', value: deep })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    await expect(s.mine.workspace.getPreference({ workspaceId, key: '' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })

  it('is written by developers, read by viewers, and hidden from others', async () => {
    const s = await fixture(await open())
    const { workspaceId } = s
    const viewer = (await s.joined('viewer')).workspace
    await s.mine.workspace.setPreference({ workspaceId, key: 'k', value: 1 })
    expect(await viewer.getPreference({ workspaceId, key: 'k' })).toEqual({ value: 1 })
    const write = viewer.setPreference({ workspaceId, key: 'k', value: 2 })
    await expect(write).rejects.toMatchObject({ type: 'Forbidden' })
    const foreign = s.as(s.stranger.actor).workspace.getPreference({ workspaceId, key: 'k' })
    await expect(foreign).rejects.toMatchObject({ type: 'ResourceNotFound' })
  })
})
