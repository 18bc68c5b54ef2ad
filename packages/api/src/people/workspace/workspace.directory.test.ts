import { eachDialect } from '@steward/db/testing'
import { describe, expect, it } from 'vitest'
import { fixture } from '../account/account.testing.ts'
import { storesOf } from '../../core/app-context.ts'
import { isClaimable, similarHandles } from './workspace.handle.ts'

eachDialect('workspace directory', (open) => {
  it('shows public profiles to everybody and private ones to nobody', async () => {
    const s = await fixture(await open())
    for (const caller of [s.mine, s.as(s.stranger.actor)])
      await expect(caller.workspace.getPublic({ id: s.workspaceId })).rejects.toMatchObject({
        type: 'ResourceNotFound',
      })
    await s.mine.workspace.update({ id: s.workspaceId, isPublic: true, about: 'Hello', handle: 'first' })
    expect(await s.as(s.stranger.actor).workspace.getPublic({ id: s.workspaceId })).toEqual({
      id: s.workspaceId,
      name: 'First',
      createdAt: '2026-03-01T12:00:00.000Z',
      updatedAt: '2026-03-01T12:00:00.000Z',
      about: 'Hello',
      profilePicture: '',
      contactEmail: '',
      website: '',
      socialAccounts: [],
      handle: 'first',
    })
  })

  it('lists and searches public workspaces without regard to case, page by page', async () => {
    const s = await fixture(await open())
    const add = async (name: string, more: { about?: string; handle?: string; isPublic?: boolean }) => {
      s.clock.advance(1)
      const { id } = await s.mine.workspace.create({ name })
      await s.mine.workspace.update({ id, isPublic: true, ...more })
      return id
    }
    const acme = await add('ACME Bots', {})
    const byHandle = await add('Other', { handle: 'acme-two' })
    const byAbout = await add('Third', { about: 'Friends of AcMe, 100% honest' })
    await add('Acme hidden', { isPublic: false })
    const names = async (input: { search?: string; workspaceIds?: string[] }) =>
      (await s.as(s.stranger.actor).workspace.listPublic(input)).workspaces.map((w) => w.id)
    expect(await names({})).toEqual([acme, byHandle, byAbout])
    expect(await names({ search: 'acme' })).toEqual([acme, byHandle, byAbout])
    expect(await names({ search: '100%' })).toEqual([byAbout])
    expect(await names({ search: '%' })).toEqual([byAbout])
    expect(await names({ search: 'nothing' })).toEqual([])
    expect(await names({ search: '', workspaceIds: [] })).toEqual([acme, byHandle, byAbout])
    expect(await names({ workspaceIds: [byAbout, s.workspaceId, acme] })).toEqual([acme, byAbout])
    const one = await s.as(s.stranger.actor).workspace.listPublic({ search: 'acme', pageSize: 2 })
    const two = await s
      .as(s.stranger.actor)
      .workspace.listPublic({ search: 'acme', pageSize: 2, nextToken: one.meta.nextToken })
    expect([...one.workspaces, ...two.workspaces].map((w) => w.id)).toEqual([acme, byHandle, byAbout])
    expect(two.meta).toEqual({})
  })

  it('says whether a handle is free and suggests free ones that can be claimed', async () => {
    const s = await fixture(await open())
    expect(await s.as(s.stranger.actor).workspace.checkHandle({ handle: 'acme' })).toEqual({
      available: true,
      suggestions: [],
    })
    await s.mine.workspace.update({ id: s.workspaceId, handle: 'acme' })
    const seen = await s.as(s.stranger.actor).workspace.checkHandle({ handle: 'acme' })
    expect(seen).toEqual({
      available: false,
      suggestions: ['acme-bots', 'acme-hq', 'acme-team', 'acme-labs', 'acme-studio'],
    })
    const second = await s.mine.workspace.create({ name: 'Second' })
    await s.mine.workspace.update({ id: second.id, handle: seen.suggestions[0] ?? '' })
    const later = await s.as(s.stranger.actor).workspace.checkHandle({ handle: 'acme' })
    expect(later.suggestions).toEqual(['acme-hq', 'acme-team', 'acme-labs', 'acme-studio', 'acme-2'])
    expect(await s.as(s.stranger.actor).workspace.checkHandle({ handle: 'acme' })).toEqual(later)
    for (const handle of later.suggestions)
      expect(await s.as(s.stranger.actor).workspace.checkHandle({ handle })).toMatchObject({ available: true })
  })

  it('tells who uses a handle only where the caller could see that workspace', async () => {
    const s = await fixture(await open())
    await s.mine.workspace.update({ id: s.workspaceId, handle: 'acme' })
    expect(await s.mine.workspace.checkHandle({ handle: 'acme' })).toMatchObject({ usedBy: s.workspaceId })
    expect(await s.as(s.stranger.actor).workspace.checkHandle({ handle: 'acme' })).not.toHaveProperty('usedBy')
    await s.mine.workspace.update({ id: s.workspaceId, isPublic: true })
    expect(await s.as(s.stranger.actor).workspace.checkHandle({ handle: 'acme' })).toMatchObject({
      usedBy: s.workspaceId,
    })
  })

  it('never calls available what cannot be claimed', async () => {
    const s = await fixture(await open())
    for (const handle of ['api', 'public', 'a', '-acme', '--', 'x_']) {
      const answer = await s.mine.workspace.checkHandle({ handle })
      expect(answer.available).toBe(false)
      expect(answer.suggestions).toHaveLength(5)
      for (const suggestion of answer.suggestions)
        expect(await s.mine.workspace.checkHandle({ handle: suggestion })).toEqual({ available: true, suggestions: [] })
    }
  })

  it('finds suggestions for a word whose usual variants are all taken', async () => {
    const s = await fixture(await open())
    const { main } = storesOf(s.app)
    for (const handle of ['acme', ...similarHandles('acme').slice(0, 14)]) {
      const { id } = await s.mine.workspace.create({ name: handle })
      await main.write((tx) => tx.updateTable('workspace').set({ handle }).where('id', '=', id).execute())
    }
    const { suggestions } = await s.mine.workspace.checkHandle({ handle: 'acme' })
    expect(suggestions).toHaveLength(5)
    for (const suggestion of suggestions) expect(suggestion).toMatch(/^acme-[0-9a-f]{6}$/)
  })
})

describe('handles', () => {
  it('suggests the same for the same wish, and only what can be claimed', () => {
    for (const wish of ['acme', 'a', '_', 'api', 'a'.repeat(50), '-x-', 'bots']) {
      expect(similarHandles(wish)).toEqual(similarHandles(wish))
      expect(similarHandles(wish).length).toBeGreaterThanOrEqual(5)
      for (const handle of similarHandles(wish)) {
        expect(isClaimable(handle)).toBe(true)
        expect(handle.length).toBeLessThanOrEqual(50)
      }
    }
  })
})
