import { describe, expect, it, vi } from 'vitest'
import { type CommandId, type Handlers, type CommandContext, runnerOf } from '../commands/command.ts'
import { parseKeys } from '../ui/keys.ts'
import { commandIds, commands } from './features.ts'

const context = (workspaceId: string | null, allowed = true) => {
  const went: unknown[] = []
  return {
    went,
    context: { workspaceId, may: () => allowed, navigate: async (to) => void went.push(to) } satisfies CommandContext,
  }
}

const runner = (id: CommandId, where: CommandContext, handlers: Handlers = {}) =>
  runnerOf(commands[id], where, handlers[id])

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
    const inside = context('w')
    runner('go.bots', inside.context)?.()
    expect(inside.went).toEqual([{ to: '/w/$workspaceId/bots', params: { workspaceId: 'w' } }])
    expect(runner('go.bots', context(null).context)).toBeNull()
    expect(runner('go.audit', context('w', false).context)).toBeNull()
    expect(runner('go.audit', context('w').context)).not.toBeNull()
  })

  it('lets the page answer what has no run of its own', () => {
    const next = vi.fn<() => void>()
    expect(runner('list.next', context('w').context)).toBeNull()
    runner('list.next', context('w').context, { 'list.next': next })?.()
    expect(next).toHaveBeenCalledOnce()
  })

  it('names only what a page’s address knows', () => {
    const { went, context: inside } = context('w')
    const here: CommandContext = inside
    // @ts-expect-error a dialog that the page has not
    void here.navigate({ to: '/me/tokens', search: { do: 'fly' } })
    // @ts-expect-error a name that the page does not know
    void here.navigate({ to: '/me/tokens', search: { new: 'token' } })
    expect(went).toHaveLength(2)
  })
})
