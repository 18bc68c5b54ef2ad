import { describe, expect, it, vi } from 'vitest'
import type { Place } from './command.ts'
import { parseKeys } from './keys.ts'
import { commandIds, commands, runnerOf } from './table.ts'

const place = (workspaceId: string | null, allowed = true) => {
  const went: unknown[] = []
  return { went, place: { workspaceId, may: () => allowed, navigate: (to) => went.push(to) } satisfies Place }
}

describe('the command table', () => {
  it('gives no keys to two commands, and none that begin another’s', () => {
    const ways = commandIds.flatMap((id) =>
      commands[id].keys
        ? parseKeys(commands[id].keys).map((way) => ({ id, way: way.map((press) => JSON.stringify(press)) }))
        : [],
    )
    const clashes = ways.flatMap((a, index) =>
      ways.slice(index + 1).flatMap((b) => {
        const [short, long] = a.way.length <= b.way.length ? [a, b] : [b, a]
        return short.way.every((press, at) => press === long.way[at]) ? [`${a.id} and ${b.id}`] : []
      }),
    )
    expect(clashes).toEqual([])
  })

  it('has plain titles, each once', () => {
    const titles = commandIds.map((id) => commands[id].title)
    expect(new Set(titles).size).toBe(titles.length)
    for (const title of titles) expect(title).toMatch(/^[A-Z].*[^.!]$/)
  })

  it('goes only where there is a workspace and the role may', () => {
    const inside = place('w')
    runnerOf('go.bots', inside.place, {})?.()
    expect(inside.went).toEqual([{ to: '/w/$workspaceId/bots', params: { workspaceId: 'w' } }])
    expect(runnerOf('go.bots', place(null).place, {})).toBeNull()
    expect(runnerOf('go.audit', place('w', false).place, {})).toBeNull()
    expect(runnerOf('go.audit', place('w').place, {})).not.toBeNull()
  })

  it('lets the page answer what has no run of its own', () => {
    const next = vi.fn<() => void>()
    expect(runnerOf('list.next', place('w').place, {})).toBeNull()
    runnerOf('list.next', place('w').place, { 'list.next': next })?.()
    expect(next).toHaveBeenCalledOnce()
  })
})
